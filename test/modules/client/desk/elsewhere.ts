/** Logging in with another issuer: an identity there is linked to an account here, and unlinked. */
import type { Login } from './people.ts'
import type { Stage } from './surroundings.ts'

export async function linkIdentity(stage: Stage, login: Login) {
  const { accounts, logInWithOthers } = stage.client()
  const issuers = await logInWithOthers.oidcLoginList()
  const { csrfToken } = await accounts.sessionsCsrf()
  const { csrfToken: xCsrfToken } = await accounts.sessionsLogIn({ body: login, xCsrfToken: csrfToken })
  const { password } = login
  const { location } = await logInWithOthers.oidcIdentitiesLink({ issuer: 'sso', xCsrfToken, body: { password } })
  await stage.visit(location)
  const linked = await logInWithOthers.oidcIdentitiesList()
  await logInWithOthers.oidcIdentitiesUnlink({ id: linked[0]!.id, xCsrfToken, body: { password } })
  const left = await logInWithOthers.oidcIdentitiesList()
  return {
    titles: issuers.map(({ title }: { readonly title: string }) => title),
    linked: linked.map(({ email }: { readonly email: string | null }) => email),
    left: left.length,
    loggedOut: (await logInWithOthers.oidcIdentitiesLogOut({ xCsrfToken })).location,
  }
}
