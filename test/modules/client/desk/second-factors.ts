/** Second factors: set up, proved at logins of both kinds and in between, renewed and removed. */
import { AuthenticatorApp } from './authenticator-app.ts'
import { ADA, type Login } from './people.ts'
import { refusalOf, ticketIn, type Stage } from './surroundings.ts'

/** Sets an authenticator app up for somebody who has logged in with `token`. */
export async function enrol(stage: Stage, { email }: Login, token: string): Promise<AuthenticatorApp> {
  const { secondFactors } = stage.client({ token })
  const { secret } = await secondFactors.mfaTotpBegin({ body: {} })
  const app = new AuthenticatorApp(secret)
  const { recoveryCodes } = await secondFactors.mfaTotpConfirm({ body: { code: await app.nextCode() } })
  stage.keepRecoveryCodes(email, recoveryCodes ?? [])
  return app
}

/** A passkey beside the app; then the app is replaced, and the passkey goes. */
export async function useSecondFactors(stage: Stage) {
  const { secondFactors } = await stage.member(ADA)
  const created = await stage.passkeys.create(await secondFactors.mfaPasskeysBegin())
  const { passkey } = await secondFactors.mfaPasskeysAdd({ body: { name: 'Key', passkey: created as never } })
  await secondFactors.mfaPasskeysRename({ id: passkey.id, body: { name: 'Desk key' } })
  const { methods, passkeys, recoveryCodesLeft } = await secondFactors.mfaFactorsList()

  const byPasskey = await logInByPasskey(stage)
  const remembered = await rememberBrowser(stage)

  await secondFactors.mfaTotpRemove()
  const last = await refusalOf(secondFactors.mfaPasskeysRemove({ id: passkey.id }))
  const { secret } = await secondFactors.mfaTotpBegin({ body: { qr: 'svg' } })
  const app = new AuthenticatorApp(secret)
  const code = await app.nextCode()
  await secondFactors.mfaTotpConfirm({ body: { code } })
  const replayed = await refusalOf(secondFactors.mfaStepUpProve({ body: { code } }))
  await secondFactors.mfaPasskeysRemove({ id: passkey.id })
  const { recoveryCodes } = await secondFactors.mfaFactorsRenewRecoveryCodes()
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
  const { accounts, secondFactors } = stage.client()
  const prove = async () =>
    (await stage.passkeys.get(await secondFactors.mfaLoginBeginByPasskey({ xCsrfToken: await csrf() }))) as never
  const csrf = async () => (await accounts.sessionsCsrf()).csrfToken
  const { accessToken } = await secondFactors.mfaTokensByPasskey({ body: { passkey: await prove() } })
  const { id } = await stage.client({ token: accessToken }).organisation.mine()

  const passkey = await prove()
  const { account, csrfToken } = await secondFactors.mfaLoginByPasskey({ xCsrfToken: await csrf(), body: { passkey } })
  const options = await secondFactors.mfaStepUpBegin({ xCsrfToken: csrfToken })
  const proof = (await stage.passkeys.get(options)) as never
  const stronger = await secondFactors.mfaStepUpProve({ xCsrfToken: csrfToken, body: { passkey: proof } })
  await accounts.sessionsLogOut({ xCsrfToken: stronger.csrfToken ?? '' })
  return [id, account.email, stronger.csrfToken !== csrfToken]
}

/** A browser that is not asked again, until it is forgotten. */
async function rememberBrowser(stage: Stage) {
  const { accounts, secondFactors } = stage.client()
  const begin = async () => {
    const { csrfToken } = await accounts.sessionsCsrf()
    return accounts.sessionsLogIn({ body: ADA, xCsrfToken: csrfToken }).result()
  }
  const asked = await begin()
  if (asked.ok) return 'logged in by the password alone'
  const ticket = ticketIn(asked)
  const passkey = (await stage.passkeys.get(await secondFactors.mfaLoginBegin({ body: { ticket } }))) as never
  const { csrfToken } = await secondFactors.mfaLoginFinish({
    xCsrfToken: (await accounts.sessionsCsrf()).csrfToken,
    body: { ticket, passkey, rememberDevice: true },
  })
  await accounts.sessionsLogOut({ xCsrfToken: csrfToken })

  const again = await begin()
  if (!again.ok) return again.problem.code
  const { rememberedDevices } = await secondFactors.mfaFactorsList()
  const xCsrfToken = again.value.csrfToken
  await secondFactors.mfaFactorsForgetDevice({ id: rememberedDevices[0]!.id, xCsrfToken })
  await secondFactors.mfaFactorsForgetDevices({ xCsrfToken })
  await accounts.sessionsLogOut({ xCsrfToken })
  const forgotten = await begin()
  return [rememberedDevices.length, forgotten.ok ? 'accepted' : ticketIn(forgotten) !== '']
}
