import { Clock, Module, securityEvents, type Principal, type SecurityEvent } from 'tenon'
import { KnownPrincipals, TokenEndpointsModule, tokenEndpoints, TokenIssuer, TokensModule } from 'tenon/auth'
import { Database } from 'tenon/data'
import { Injectable } from 'tenon/decorators'
import type { FakeClock, TestApp } from 'tenon/testing'

import { onEveryDatabase } from '../../data/on-every-database.ts'
import { bearer, deskApp, logIn, sharedDatabase } from './desk.ts'

const move = (app: TestApp, seconds: number): Promise<void> => (app.get(Clock) as FakeClock).advance(seconds * 1000)

onEveryDatabase('TokenIssuer', (database) => {
  async function boot(env: Readonly<Record<string, string>> = {}) {
    const empty = await database.create()
    const app = await deskApp(TokensModule)
      .env({ DATABASE_URL: empty.url, ...env })
      .boot()
    return {
      app,
      issuer: app.get(TokenIssuer),
      [Symbol.asyncDispose]: async () => {
        await app.close()
        await empty[Symbol.asyncDispose]()
      },
    }
  }

  it('replaces the refresh token at each use', async () => {
    await using desk = await boot()

    const first = await logIn(desk.app)
    const second = await desk.issuer.refresh(first.refreshToken)
    const third = await desk.issuer.refresh(second.refreshToken)

    expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size).toBe(3)
    expect((await desk.app.request('/desk/me', bearer(third.accessToken))).status).toBe(200)
  })

  it('revokes the whole family when a refresh token comes twice', async () => {
    await using desk = await boot()
    const first = await logIn(desk.app)
    const second = await desk.issuer.refresh(first.refreshToken)
    await move(desk.app, 10)

    await expect(desk.issuer.refresh(first.refreshToken)).rejects.toMatchObject({ code: 'AUTH_REFRESH_REUSED' })

    await expect(desk.issuer.refresh(second.refreshToken)).rejects.toMatchObject({ code: 'AUTH_REFRESH_INVALID' })
    const refused = await desk.app.request('/desk/me', bearer(second.accessToken))
    expect(await refused.json()).toMatchObject({ status: 401, code: 'AUTH_TOKEN_REVOKED' })
  })

  it('answers many uses of one token at once with the same successor, and lets the login live', async () => {
    await using desk = await boot()
    const first = await logIn(desk.app)

    const answers = await Promise.all(Array.from({ length: 8 }, () => desk.issuer.refresh(first.refreshToken)))
    const next = await desk.issuer.refresh(answers[0]!.refreshToken)

    expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1)
    expect(next.familyId).toBe(first.familyId)
  })

  it('lets one of many uses through where there is no grace, and ends the login', async () => {
    await using desk = await boot({ AUTH_REFRESH_GRACE_SECONDS: '0' })
    const first = await logIn(desk.app)

    const uses = await Promise.allSettled(Array.from({ length: 8 }, () => desk.issuer.refresh(first.refreshToken)))

    const renewed = uses.filter(({ status }) => status === 'fulfilled')
    expect(renewed).toHaveLength(1)
    const { refreshToken } = (renewed[0] as PromiseFulfilledResult<{ readonly refreshToken: string }>).value
    await expect(desk.issuer.refresh(refreshToken)).rejects.toMatchObject({ code: 'AUTH_REFRESH_INVALID' })
  })

  it('ends every login of a principal, and of nobody else', async () => {
    await using desk = await boot()
    const [phone, laptop, other] = [await logIn(desk.app), await logIn(desk.app), await logIn(desk.app, { id: 'bob' })]

    await desk.issuer.revokeAllOf('ada')

    for (const { refreshToken } of [phone, laptop]) {
      await expect(desk.issuer.refresh(refreshToken)).rejects.toMatchObject({ code: 'AUTH_REFRESH_INVALID' })
    }
    expect(await desk.issuer.familiesOf('ada')).toEqual([])
    expect((await desk.issuer.refresh(other.refreshToken)).familyId).toBe(other.familyId)
  })

  it('keeps no token that somebody who reads the database could send', async () => {
    await using desk = await boot()
    const first = await logIn(desk.app)
    const second = await desk.issuer.refresh(first.refreshToken)

    const { source } = desk.app.get(Database)
    const rows = await Promise.all(source.entityMetadatas.map(({ target }) => source.manager.find(target as never)))

    const text = JSON.stringify(rows)
    expect(text).toContain(first.familyId)
    for (const token of [first, second].flatMap(({ refreshToken, accessToken }) => [refreshToken, accessToken])) {
      expect(text).not.toContain(token.slice(4, 40))
    }
  })
})

describe('TokenIssuer', () => {
  it('issues an access token that says who calls', async () => {
    await using app = await deskApp().boot()

    const tokens = await logIn(app, { roles: ['agent'] })
    const response = await app.request('/desk/me', bearer(tokens.accessToken))

    expect(tokens).toMatchObject({ tokenType: 'Bearer', expiresInSeconds: 300, refreshExpiresInSeconds: 1_209_600 })
    expect(await response.json()).toEqual({
      id: 'ada',
      roles: ['agent'],
      tenant: 'acme',
      authentication: {
        scheme: 'bearer',
        credentialId: tokens.familyId,
        factors: [{ method: 'pwd', at: 42_000 }],
      },
    })
  })

  it('gives a token that was never answered again within the grace, and not once its successor was used', async () => {
    await using app = await deskApp().boot()
    const issuer = app.get(TokenIssuer)
    const first = await logIn(app)
    const second = await issuer.refresh(first.refreshToken)
    await move(app, 9)

    const again = await issuer.refresh(first.refreshToken)
    await issuer.refresh(again.refreshToken)

    expect(again.refreshToken).toBe(second.refreshToken)
    await expect(issuer.refresh(first.refreshToken)).rejects.toMatchObject({ code: 'AUTH_REFRESH_REUSED' })
  })

  it('tells those who watch of a reuse', async () => {
    await using app = await deskApp().boot()
    const issuer = app.get(TokenIssuer)
    const first = await logIn(app)
    await issuer.refresh(first.refreshToken)
    await move(app, 60)
    const events: SecurityEvent[] = []
    const stop = securityEvents.subscribe((event) => {
      if (event.subject === first.familyId) events.push(event)
    })

    await expect(issuer.refresh(first.refreshToken)).rejects.toThrow(/used before/)
    stop()

    expect(events).toMatchObject([{ type: 'tokens.reuse', outcome: 'refused', principalId: 'ada' }])
    expect(app.logs.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
  })

  it('lets a refresh token wait for a fortnight, and a login live for ninety days whatever is refreshed', async () => {
    await using app = await deskApp().boot()
    const issuer = app.get(TokenIssuer)
    const [idle, busy] = [await logIn(app), await logIn(app)]
    const DAY = 86_400

    let latest = busy
    for (let day = 10; day < 90; day += 10) {
      await move(app, 10 * DAY)
      latest = await issuer.refresh(latest.refreshToken)
      if (day === 20)
        await expect(issuer.refresh(idle.refreshToken)).rejects.toMatchObject({ code: 'AUTH_REFRESH_INVALID' })
    }

    expect(latest.refreshExpiresInSeconds).toBe(10 * DAY)
    await move(app, 10 * DAY)
    await expect(issuer.refresh(latest.refreshToken)).rejects.toMatchObject({ code: 'AUTH_REFRESH_INVALID' })
  })

  it('asks at each refresh who the principal is by now', async () => {
    const people = new Map<string, Principal>([['ada', { id: 'ada', roles: ['admin'] }]])
    @Injectable()
    class People extends KnownPrincipals {
      async current({ id }: Principal): Promise<Principal | undefined> {
        return people.get(id)
      }
    }
    @Module({ providers: [{ provide: KnownPrincipals, useClass: People }] })
    class PeopleModule {}
    await using app = await deskApp(TokensModule, PeopleModule).boot()
    const issuer = app.get(TokenIssuer)
    const first = await logIn(app, { roles: ['agent'] })

    const second = await issuer.refresh(first.refreshToken)
    const me = await app.request('/desk/me', bearer(second.accessToken))
    people.clear()

    expect(await me.json()).toMatchObject({ roles: ['admin'] })
    await expect(issuer.refresh(second.refreshToken)).rejects.toMatchObject({ code: 'AUTH_REFRESH_INVALID' })
    expect((await app.request('/desk/me', bearer(second.accessToken))).status).toBe(401)
  })

  it('issues for another audience, which is refused here', async () => {
    await using app = await deskApp().boot()
    const tokens = await logIn(app, { audience: 'https://reports.example' })

    expect((await app.request('/desk/me', bearer(tokens.accessToken))).status).toBe(401)
    const renewed = await app.get(TokenIssuer).refresh(tokens.refreshToken, 'https://reports.example')
    expect(renewed.familyId).toBe(tokens.familyId)
    await expect(app.get(TokenIssuer).refresh(renewed.refreshToken, 'tenon')).rejects.toMatchObject({
      code: 'AUTH_REFRESH_INVALID',
    })
  })

  it('carries claims and fields of the application', async () => {
    const tokens = TokensModule.with({
      claims: ({ id }) => ({ plan: 'gold', sub: 'nobody', owner: id }),
      principal: ({ plan }) => ({ plan }) as object,
    })
    await using app = await deskApp(tokens).boot()

    const me = await app.request('/desk/me', bearer((await logIn(app)).accessToken))

    expect(await me.json()).toMatchObject({ id: 'ada', plan: 'gold' })
  })

  it('sees within a second what another process revoked', async () => {
    await using database = await sharedDatabase()
    await using one = await deskApp(TokensModule).env({ DATABASE_URL: database.url }).boot()
    await using other = await deskApp(TokensModule)
      .clock(one.get(Clock) as FakeClock)
      .env({ DATABASE_URL: database.url })
      .boot()
    const { accessToken, familyId } = await logIn(one)
    const before = await other.request('/desk/me', bearer(accessToken))

    await one.get(TokenIssuer).revokeFamily(familyId)
    await move(one, 1.001)
    const after = await other.request('/desk/me', bearer(accessToken))

    expect([before.status, after.status]).toEqual([200, 401])
  })
})

describe('The endpoints of tokens', () => {
  it('refresh and revoke at /auth/token', async () => {
    await using app = await deskApp(TokenEndpointsModule).boot()
    const first = await logIn(app)

    const response = await app.request('/auth/token/refresh', { json: { refreshToken: first.refreshToken } })
    const second = (await response.json()) as typeof first
    const revoked = await app.request('/auth/token/revoke', { json: { token: second.refreshToken } })
    const again = await app.request('/auth/token/refresh', { json: { refreshToken: second.refreshToken } })

    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(Object.keys(second).toSorted()).toEqual(Object.keys(first).toSorted())
    expect(revoked.status).toBe(204)
    expect(await again.json()).toMatchObject({ status: 401, code: 'AUTH_REFRESH_INVALID' })
    expect((await app.request('/desk/me', bearer(second.accessToken))).status).toBe(401)
  })

  it('stand at another path', async () => {
    @Module({ imports: [TokensModule], controllers: [tokenEndpoints('/api/session')] })
    class SessionModule {}
    await using app = await deskApp(SessionModule).boot()
    const { refreshToken } = await logIn(app)

    expect((await app.request('/api/session/refresh', { json: { refreshToken } })).status).toBe(200)
    expect((await app.request('/auth/token/refresh', { json: { refreshToken } })).status).toBe(404)
  })

  it('revoke an access token alone, and answer the same for what is none', async () => {
    await using app = await deskApp(TokenEndpointsModule).boot()
    const { accessToken, refreshToken } = await logIn(app)

    const answers = await Promise.all(
      [accessToken, 'nonsense', 'tnr_x', accessToken].map((token) =>
        app.request('/auth/token/revoke', { json: { token } }),
      ),
    )

    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204])
    expect((await app.request('/desk/me', bearer(accessToken))).status).toBe(401)
    expect((await app.request('/auth/token/refresh', { json: { refreshToken } })).status).toBe(200)
  })
})
