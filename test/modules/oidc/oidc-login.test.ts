import { AccountStore } from 'tenon/auth'

import { openTown, problemOf } from './desk.ts'
import { Surfer } from './surfer.ts'

const ADA = { sub: 'ada-at-acme', email: 'Ada@Example.org', email_verified: true, name: 'Ada' }

describe('Log in with an identity provider', () => {
  it('goes there with PKCE, state and nonce, and comes back logged in', async () => {
    await using town = await openTown(ADA)
    const { desk, idp } = town
    const surfer = new Surfer()

    const first = await surfer.peek(`${desk.url}/auth/oidc/acme/login?returnTo=/me`)
    expect(first.status).toBe(303)
    const asked = Object.fromEntries(first.location!.searchParams)
    expect(asked).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      client_id: 'desk',
      redirect_uri: `${desk.url}/auth/oidc/acme/callback`,
      scope: 'openid email profile',
    })
    expect(asked['state']).toHaveLength(43)
    expect(asked['nonce']).toHaveLength(43)
    expect(asked['code_challenge']).toHaveLength(43)

    const page = await surfer.open(first.location!)
    expect([page.url.href, page.status]).toEqual([`${desk.url}/me`, 200])
    const caller = JSON.parse(page.text) as { id: string; authentication: { factors: { method: string }[] } }
    expect(caller).toMatchObject({ kind: 'user', roles: ['user'], authentication: { scheme: 'session' } })
    expect(caller.authentication.factors.map(({ method }) => method)).toEqual(['fed'])
    const account = await desk.app.get(AccountStore).findById(caller.id)
    expect(account).toMatchObject({ email: 'ada@example.org', passwordHash: null })
    expect(idp.requests).toContain('POST /token')
    expect(surfer.cookie('localhost', 'oidc-attempt')).toBeUndefined()
  })

  it('finds the same account the next time, by issuer and subject alone', async () => {
    await using town = await openTown(ADA)
    const { desk, idp } = town
    const logIn = async () => {
      const surfer = new Surfer()
      const page = await surfer.open(`${desk.url}/auth/oidc/acme/login?returnTo=/me`)
      return (JSON.parse(page.text) as { id: string }).id
    }
    const id = await logIn()
    idp.person = { ...ADA, email: 'countess@example.org' }
    expect(await logIn()).toBe(id)
    idp.person = { sub: 'eve', email: 'eve@example.org', email_verified: true }
    expect(await logIn()).not.toBe(id)
  })

  it('tells who is offered', async () => {
    await using town = await openTown(ADA)
    const page = await new Surfer().open(`${town.desk.url}/auth/oidc`)
    expect(JSON.parse(page.text)).toEqual([{ name: 'acme', title: 'Acme' }])
    const unknown = await new Surfer().open(`${town.desk.url}/auth/oidc/evil/login`)
    expect([unknown.status, problemOf(unknown)]).toEqual([404, 'OIDC_ISSUER_UNKNOWN'])
  })
})
