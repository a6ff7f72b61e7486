/** Logging in with another issuer: an identity there is linked to an account here, and unlinked. */
import type { Login } from './people.ts'
import type { Stage } from './surroundings.ts'

export async function linkIdentity(stage: Stage, login: Login) {
  const { accounts, oidc } = stage.client()
  const issuers = await oidc.login.list()
  const { csrfToken } = await accounts.sessions.csrf()
  const { csrfToken: xCsrfToken } = await accounts.sessions.logIn({ body: login, xCsrfToken: csrfToken })
  const { password } = login
  const { location } = await oidc.identities.link({ issuer: 'sso', xCsrfToken, body: { password } })
  await stage.visit(location)
  const linked = await oidc.identities.list()
  await oidc.identities.unlink({ id: linked[0]!.id, xCsrfToken, body: { password } })
  const left = await oidc.identities.list()
  return {
    titles: issuers.map(({ title }: { readonly title: string }) => title),
    linked: linked.map(({ email }: { readonly email: string | null }) => email),
    left: left.length,
    loggedOut: (await oidc.identities.logOut({ xCsrfToken })).location,
  }
}
