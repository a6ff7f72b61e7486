/** Accounts: signing up, logging in by token and by cookie, passwords and addresses. */
import { ADA, type Login } from './people.ts'
import { enrol } from './second-factors.ts'
import { refusalOf, type Stage } from './surroundings.ts'

/** Founds an organisation; what is wrong is told before it is sent, and after. */
export async function foundOrganisation(stage: Stage) {
  const { accounts, keySet } = stage.client()
  const callsBefore = stage.calls.length
  const tooShort = await accounts.signUp({ body: { ...ADA, name: 'Ada', organisation: 'A' } }).result()
  const wasSent = stage.calls.length > callsBefore

  await accounts.signUp({ body: { ...ADA, name: 'Ada', organisation: 'Acme Works' } })
  const early = await refusalOf(accounts.tokenLogin({ body: ADA }))
  await accounts.verify({ body: { code: await stage.codeFor(ADA.email) } })
  const wrong = await refusalOf(accounts.tokenLogin({ body: { ...ADA, password: 'not her password' } }))

  const { accessToken } = await stage.logIn(ADA)
  const unready = await refusalOf(stage.client({ token: accessToken }).organisation.mine())
  await enrol(stage, ADA, accessToken)
  const ada = await stage.member(ADA)
  const { roles, createdAt } = await ada.accounts.me()
  const { name } = await ada.members.me()
  const organisation = await ada.organisation.mine()
  await keySet.read()
  return {
    tooShort: tooShort.ok ? 'accepted' : tooShort.problem.errors?.[0]?.detail,
    wasSent,
    early,
    wrong,
    unready,
    ada: [name, roles, createdAt instanceof Date],
    organisation: organisation.id,
  }
}

/** A token that was revoked is renewed without anybody noticing. */
export async function renewTokens(stage: Stage) {
  const { tokenEndpoints } = stage.client()
  const first = await stage.logIn(ADA)
  await tokenEndpoints.revoke({ body: { token: first.accessToken } })
  let renewals = 0
  const client = stage.client({
    token: first.accessToken,
    onTokenRefused: async () => {
      renewals += 1
      return (await tokenEndpoints.refresh({ body: { refreshToken: first.refreshToken } })).accessToken
    },
  })
  const [{ email }] = await Promise.all([client.members.me(), client.organisation.mine()])
  const again = await refusalOf(tokenEndpoints.refresh({ body: { refreshToken: 'no such token' } }))
  return { email, renewals, again }
}

/** As a page does it: a cookie, and a token against calls of other sites. */
export async function useSessions(stage: Stage, login: Login) {
  const { accounts, tickets } = stage.client()
  const logIn = async (): Promise<string> => {
    const { csrfToken } = await accounts.sessions.csrf()
    return (await accounts.sessions.logIn({ body: login, xCsrfToken: csrfToken })).csrfToken
  }
  const first = await logIn()
  const refused = await refusalOf(tickets.open({ body: { subject: 'No coffee', description: 'Since today.' } }))
  const sessions = await accounts.sessions.list()
  await accounts.sessions.end({ id: sessions[0]!.id, xCsrfToken: first })
  const gone = await refusalOf(accounts.sessions.list())
  await accounts.sessions.logOut({ xCsrfToken: await logIn() })
  await accounts.sessions.endAll({ xCsrfToken: await logIn() })
  return {
    refused,
    sessions: sessions.map(({ isCurrent }: { readonly isCurrent: boolean }) => isCurrent),
    gone,
    left: await refusalOf(accounts.sessions.list()),
  }
}

/** Of somebody who is no admin: each step ends the logins before. */
export async function changeSecrets(stage: Stage, { email, password }: Login) {
  const { accounts } = stage.client()
  const before = await stage.member({ email, password })
  await before.accounts.passwords.change({ body: { password, newPassword: `${password}-2` } })
  const after = await stage.member({ email, password: `${password}-2` })
  const weak = await refusalOf(
    after.accounts.passwords.change({ body: { password: `${password}-2`, newPassword: 'short' } }),
  )
  await accounts.passwords.forgot({ body: { email } })
  await accounts.passwords.reset({ body: { code: await stage.codeFor(email), password: `${password}-3` } })

  const newEmail = `new.${email}`
  const member = await stage.member({ email, password: `${password}-3` })
  await member.accounts.changeEmail({ body: { password: `${password}-3`, newEmail } })
  await accounts.confirmEmail({ body: { code: await stage.codeFor(newEmail) } })
  const renamed = await stage.member({ email: newEmail, password: `${password}-3` })
  return { weak, email: (await renamed.members.me()).email }
}
