/** The same on every database: a whole flow, and tables that are as the migrations make them. */
import { Migrations } from 'tenon/data'
import { OidcClients, OidcGrants } from 'tenon/oidc'

import { onEveryDatabase } from '../data/on-every-database.ts'
import { openTown } from './desk.ts'
import { openHouse } from './house.ts'
import { ask, authorize, authorizeUrl, BACK, exchange, isBack, userInfo, WIKI } from './relying-party.ts'
import { Surfer } from './surfer.ts'

onEveryDatabase('OpenID Connect', (database) => {
  it('gives codes and tokens, renews them, and takes them back', async () => {
    await using at = await database.create()
    await using house = await openHouse({ env: { DATABASE_URL: at.url } })
    const { id } = await house.member()
    expect(await house.app.get(Migrations).drift()).toEqual({ losses: [], statements: [] })
    const clients = house.app.get(OidcClients)
    await clients.register({ ...WIKI, offline: true, title: 'The Wiki' })
    expect(await clients.list()).toEqual([{ id: WIKI.id, title: 'The Wiki', redirectUris: [BACK] }])

    const surfer = new Surfer()
    const back = await authorize(house, { scope: 'openid email offline_access', prompt: 'consent' }, surfer)
    const { tokens } = await exchange(house, back)
    expect(await (await userInfo(house, tokens.access_token)).json()).toEqual({
      sub: id,
      email: 'ada@example.org',
      email_verified: true,
    })
    const { tokens: next } = await ask(house, '/token', {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token!,
    })
    expect(next.access_token).toBeDefined()

    const grants = house.app.get(OidcGrants)
    expect(await grants.list(id)).toMatchObject([{ clientId: WIKI.id, scopes: ['openid', 'email', 'offline_access'] }])
    await grants.revoke(id, WIKI.id)
    expect(await grants.list(id)).toEqual([])
    expect((await userInfo(house, next.access_token)).status).toBe(401)
    await clients.remove(WIKI.id)
    await expect(clients.remove(WIKI.id)).rejects.toMatchObject({ code: 'OIDC_CLIENT_MISSING' })
    const gone = await surfer.open(authorizeUrl(house), { until: isBack })
    expect(gone.status).toBe(400)
  })

  it('logs people in', async () => {
    await using at = await database.create()
    const ada = { sub: 'ada', email: 'ada@example.org', email_verified: true }
    await using town = await openTown(ada, {}, { env: { DATABASE_URL: at.url } })
    expect(await town.desk.app.get(Migrations).drift()).toEqual({ losses: [], statements: [] })
    const page = await new Surfer().open(`${town.desk.url}/auth/oidc/acme/login?returnTo=/me`)
    expect([page.url.pathname, page.status]).toEqual(['/me', 200])
  })
})
