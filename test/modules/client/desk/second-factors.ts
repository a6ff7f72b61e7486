/** Second factors: set up, proved at logins of both kinds and in between, renewed and removed. */
import { AuthenticatorApp } from './authenticator-app.ts'
import { ADA, type Login } from './people.ts'
import { refusalOf, ticketIn, type Stage } from './surroundings.ts'

/** Sets an authenticator app up for somebody who has logged in with `token`. */
export async function enrol(stage: Stage, { email }: Login, token: string): Promise<AuthenticatorApp> {
  const { mfa } = stage.client({ token })
  const { secret } = await mfa.totp.begin({ body: {} })
  const app = new AuthenticatorApp(secret)
  const { recoveryCodes } = await mfa.totp.confirm({ body: { code: await app.nextCode() } })
  stage.keepRecoveryCodes(email, recoveryCodes ?? [])
  return app
}

/** A passkey beside the app; then the app is replaced, and the passkey goes. */
export async function useSecondFactors(stage: Stage) {
  const { mfa } = await stage.member(ADA)
  const created = await stage.passkeys.create(await mfa.passkeys.begin())
  const { passkey } = await mfa.passkeys.add({ body: { name: 'Key', passkey: created as never } })
  await mfa.passkeys.rename({ id: passkey.id, body: { name: 'Desk key' } })
  const { methods, passkeys, recoveryCodesLeft } = await mfa.factors.list()

  const byPasskey = await logInByPasskey(stage)
  const remembered = await rememberBrowser(stage)

  await mfa.totp.remove()
  const last = await refusalOf(mfa.passkeys.remove({ id: passkey.id }))
  const { secret } = await mfa.totp.begin({ body: { qr: 'svg' } })
  const app = new AuthenticatorApp(secret)
  const code = await app.nextCode()
  await mfa.totp.confirm({ body: { code } })
  const replayed = await refusalOf(mfa.stepUp.prove({ body: { code } }))
  await mfa.passkeys.remove({ id: passkey.id })
  const { recoveryCodes } = await mfa.factors.renewRecoveryCodes()
  stage.keepRecoveryCodes(ADA.email, recoveryCodes)
  return {
    methods,
    names: passkeys.map(({ name }: { readonly name: string }) => name),
    recoveryCodesLeft,
    byPasskey,
    remembered,
    last,
    replayed,
    renewed: recoveryCodes.length,
  }
}

/** Without a name or password: a program, then a page that proves it once more. */
async function logInByPasskey(stage: Stage) {
  const { accounts, mfa } = stage.client()
  const prove = async () =>
    (await stage.passkeys.get(await mfa.login.beginByPasskey({ xCsrfToken: await csrf() }))) as never
  const csrf = async () => (await accounts.sessions.csrf()).csrfToken
  const { accessToken } = await mfa.tokens.byPasskey({ body: { passkey: await prove() } })
  const { id } = await stage.client({ token: accessToken }).organisation.mine()

  const passkey = await prove()
  const { account, csrfToken } = await mfa.login.byPasskey({ xCsrfToken: await csrf(), body: { passkey } })
  const options = await mfa.stepUp.begin({ xCsrfToken: csrfToken })
  const proof = (await stage.passkeys.get(options)) as never
  const stronger = await mfa.stepUp.prove({ xCsrfToken: csrfToken, body: { passkey: proof } })
  await accounts.sessions.logOut({ xCsrfToken: stronger.csrfToken ?? '' })
  return [id, account.email, stronger.csrfToken !== csrfToken]
}

/** A browser that is not asked again, until it is forgotten. */
async function rememberBrowser(stage: Stage) {
  const { accounts, mfa } = stage.client()
  const begin = async () => {
    const { csrfToken } = await accounts.sessions.csrf()
    return accounts.sessions.logIn({ body: ADA, xCsrfToken: csrfToken }).result()
  }
  const asked = await begin()
  if (asked.ok) return 'logged in by the password alone'
  const ticket = ticketIn(asked)
  const passkey = (await stage.passkeys.get(await mfa.login.begin({ body: { ticket } }))) as never
  const { csrfToken } = await mfa.login.finish({
    xCsrfToken: (await accounts.sessions.csrf()).csrfToken,
    body: { ticket, passkey, rememberDevice: true },
  })
  await accounts.sessions.logOut({ xCsrfToken: csrfToken })

  const again = await begin()
  if (!again.ok) return again.problem.code
  const { rememberedDevices } = await mfa.factors.list()
  const xCsrfToken = again.value.csrfToken
  await mfa.factors.forgetDevice({ id: rememberedDevices[0]!.id, xCsrfToken })
  await mfa.factors.forgetDevices({ xCsrfToken })
  await accounts.sessions.logOut({ xCsrfToken })
  const forgotten = await begin()
  return [rememberedDevices.length, forgotten.ok ? 'accepted' : ticketIn(forgotten) !== '']
}
