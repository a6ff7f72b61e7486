import { Clock, Controller, CurrentUser, Get, securityEvents, type Principal } from 'tenon'
import { AccessTokens, ApiKeys, KeySet, ServiceAccounts, TokenIssuer } from 'tenon/auth'
import { Module } from 'tenon/decorators'
import { testApp, type FakeClock } from 'tenon/testing'

import { AllOfAuth } from './all-of-auth.ts'
import { ask, basic, exchangeOf } from './service-accounts/backstage.ts'
import { bearer } from './tokens/desk.ts'
import { withKey } from './api-keys/vault.ts'

const KEY_SECRET = 'the secret that encrypts keys 0123456789'

@Controller('/door')
class DoorController {
  @Get()
  open(@CurrentUser() caller: Principal): string {
    return caller.id
  }

  @Get('/broken')
  broken(): never {
    throw new Error('the handler failed')
  }
}

@Module({ imports: [AllOfAuth], controllers: [DoorController] })
class DoorModule {}

/** Whoever finds this much of a secret in a log has found the secret. */
const PIECE = 12

describe('No secret is told', () => {
  for (const environment of ['development', 'production'] as const) {
    it(`in a log line, a problem, a header or an event (${environment})`, async () => {
      const told: string[] = []
      const stop = securityEvents.subscribe((event) => told.push(JSON.stringify(event)))
      await using app = await testApp(DoorModule)
        .clock('2026-06-01T12:00:00Z')
        .env({
          TENON_ENV: environment,
          DATABASE_URL: 'sqlite::memory:',
          DATABASE_LOG: 'true',
          AUTH_ISSUER: 'https://api.example',
          AUTH_KEY_SECRET: KEY_SECRET,
          LOG_LEVEL: 'debug',
        })
        .boot()
      const issuer = app.get(TokenIssuer)
      const first = await issuer.issue({ id: 'ada' })
      const second = await issuer.refresh(first.refreshToken)
      const apiKey = await app.get(ApiKeys).create({ owner: { id: 'ada' }, name: 'import' })
      const robot = await app.get(ServiceAccounts).create({ name: 'robot', mayActForOthers: true })
      const client = { id: robot.account.id, secret: robot.clientSecret }
      const secrets = [
        ...[first, second].flatMap(({ accessToken, refreshToken }) => [
          accessToken.split('.')[2]!,
          refreshToken.slice(4),
        ]),
        apiKey.secret.slice(14),
        client.secret.slice(4),
        basic(client).slice(6),
        KEY_SECRET,
        app.get(KeySet).current.privateKey.export({ format: 'jwk' }).d!,
      ]
      const answers: Response[] = []
      const call = async (path: string, init: Parameters<typeof app.request>[1]) => {
        answers.push(await app.request(path, init))
      }

      // Good credentials at a handler that works and at one that fails, and the same credentials damaged and too late.
      for (const path of ['/door', '/door/broken', '/door?token=x', '/nowhere']) {
        await call(path, bearer(second.accessToken))
        await call(path, bearer(`${second.accessToken}x`))
        await call(path, withKey(apiKey.secret))
        await call(path, withKey(`${apiKey.secret}x`))
        await call(path, bearer(apiKey.secret))
        await call(path, bearer(second.refreshToken))
        await call(path, { headers: { authorization: `DPoP ${second.accessToken}`, dpop: second.accessToken } })
      }
      await call('/auth/token/refresh', { json: { refreshToken: `${second.refreshToken}x` } })
      await call('/auth/token/refresh', { json: { refreshToken: second.refreshToken, another: second.refreshToken } })
      await call('/auth/token/revoke', { json: { token: second.refreshToken.slice(0, -1) } })
      await ask(app, { ...client, secret: `${client.secret}x` }, exchangeOf(second.accessToken))
      await ask(app, client, exchangeOf(`${second.accessToken}x`))
      await (app.get(Clock) as FakeClock).advance(60_000)
      await call('/auth/token/refresh', { json: { refreshToken: first.refreshToken } })
      await call('/door', bearer(second.accessToken))
      await app.get(ApiKeys).revoke('ada', apiKey.key.id)
      await call('/door', withKey(apiKey.secret))
      await app.get(AccessTokens).revoke('x')
      stop()

      const bodies = await Promise.all(
        answers.map(async (each) => `${await each.text()} ${JSON.stringify([...each.headers])}`),
      )
      const lines = app.logs.lines.map((line) => JSON.stringify(line))
      expect(lines.length).toBeGreaterThan(40)
      expect(told.length).toBeGreaterThan(3)
      for (const secret of secrets) {
        const piece = secret.slice(0, PIECE)
        expect([...lines, ...bodies, ...told].filter((text) => text.includes(piece))).toEqual([])
      }
    })
  }
})
