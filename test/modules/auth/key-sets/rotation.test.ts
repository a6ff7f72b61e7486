import { Clock } from 'tenon'
import { AccessTokens, KeySet, KeySetsModule, TokensModule } from 'tenon/auth'
import type { FakeClock, TestApp } from 'tenon/testing'

import { bearer, deskApp, sharedDatabase } from '../tokens/desk.ts'

const STEPS = process.env['FULL'] === '1' ? 2000 : 120
const STEP_MS = 60_000

describe('The rotation of keys', () => {
  it('refuses no valid token while two processes issue, verify and rotate continuously', async () => {
    await using database = await sharedDatabase()
    const one = await deskApp(TokensModule, KeySetsModule.with({ keyLeadSeconds: 120 }))
      .env({ DATABASE_URL: database.url })
      .boot()
    const clock = one.get(Clock) as FakeClock
    const other = await deskApp(TokensModule, KeySetsModule.with({ keyLeadSeconds: 120 }))
      .env({ DATABASE_URL: database.url })
      .clock(clock)
      .boot()
    const apps = [one, other]
    const signedBy = new Set<string>()
    let held: { readonly token: string; readonly until: number }[] = []
    let verified = 0

    for (let step = 0; step < STEPS; step += 1) {
      const turn = apps[step % 2]!
      await turn.get(KeySet).rotate()
      for (const app of apps) {
        signedBy.add(app.get(KeySet).current.id)
        const { accessToken } = await app.get(AccessTokens).issue({ id: `caller-${step}` })
        held.push({ token: accessToken, until: clock.now().getTime() + 300_000 })
      }
      // Only one of them looks for new keys in time; the other finds those it does not know when a token names them.
      if (step % 3 === 0) await turn.get(KeySet).maintain()
      const answers = await Promise.all(apps.flatMap((app) => held.map(({ token }) => statusOf(app, token))))
      expect(answers.filter((status) => status !== 200)).toEqual([])
      verified += answers.length
      await clock.advance(STEP_MS)
      held = held.filter(({ until }) => until > clock.now().getTime())
    }

    expect(signedBy.size).toBeGreaterThan(STEPS / 3)
    expect(verified).toBeGreaterThan(STEPS * 10)
    await Promise.all([one.close(), other.close()])
  })

  it('publishes the next key before it signs, and the last one until its tokens have expired', async () => {
    await using app = await deskApp().boot()
    const keys = app.get(KeySet)
    const clock = app.get(Clock) as FakeClock
    const published = async () => {
      const response = await app.request('/.well-known/jwks.json')
      const { keys: found } = (await response.json()) as { readonly keys: readonly { readonly kid: string }[] }
      return found.map(({ kid }) => kid)
    }
    const first = keys.current.id

    const second = await keys.rotate()
    expect([keys.current.id, await published()]).toEqual([first, [first, second]])

    await clock.advance(3_600_000)
    expect([keys.current.id, await published()]).toEqual([second, [first, second]])

    await clock.advance(90_000_000)
    expect(await published()).toEqual([second])
  })

  it('makes a new key each month by itself, in one of many processes', async () => {
    await using database = await sharedDatabase()
    await using one = await deskApp().env({ DATABASE_URL: database.url }).boot()
    const clock = one.get(Clock) as FakeClock
    await using other = await deskApp().env({ DATABASE_URL: database.url }).clock(clock).boot()
    const keys = [one.get(KeySet), other.get(KeySet)]
    const DAY = 86_400_000

    const seen = new Set<string>()
    for (let day = 0; day <= 65; day += 1) {
      await Promise.all(keys.map((each) => each.maintain()))
      expect(new Set(keys.map(({ current }) => current.id)).size).toBe(1)
      seen.add(keys[0]!.current.id)
      await clock.advance(DAY)
    }

    expect(seen.size).toBe(3)
  })

  it('has one first key when processes start together', async () => {
    await using database = await sharedDatabase()
    await using first = await deskApp().env({ DATABASE_URL: database.url }).boot()
    await first.get(KeySet).revoke(first.get(KeySet).current.id)

    const apps = await Promise.all(
      Array.from({ length: 4 }, () => deskApp().env({ DATABASE_URL: database.url }).boot()),
    )

    expect(new Set(apps.map((app) => app.get(KeySet).current.id)).size).toBe(1)
    await Promise.all(apps.map((app) => app.close()))
  })

  it('refuses what a revoked key has signed, also what was remembered as good', async () => {
    await using app = await deskApp().boot()
    const stolen = await app.get(AccessTokens).issue({ id: 'ada' })
    const before = await statusOf(app, stolen.accessToken)

    await app.get(KeySet).revoke(app.get(KeySet).current.id)
    const next = await app.get(AccessTokens).issue({ id: 'ada' })

    expect(before).toBe(200)
    expect(await statusOf(app, stolen.accessToken)).toBe(401)
    expect(await statusOf(app, next.accessToken)).toBe(200)
  })

  it('changes the algorithm with a lead, and goes on to verify what the old one signed', async () => {
    await using database = await sharedDatabase()
    const env = { DATABASE_URL: database.url }
    await using before = await deskApp().env(env).boot()
    const clock = before.get(Clock) as FakeClock
    await using after = await deskApp()
      .env({ ...env, AUTH_ALGORITHM: 'ES256' })
      .clock(clock)
      .boot()
    const { accessToken } = await after.get(AccessTokens).issue({ id: 'ada' })

    expect(after.get(KeySet).current.algorithm).toBe('EdDSA')
    expect(await statusOf(before, accessToken)).toBe(200)
    await clock.advance(3_600_000)
    const next = await after.get(AccessTokens).issue({ id: 'ada' })

    expect(after.get(KeySet).current.algorithm).toBe('ES256')
    expect(await statusOf(before, next.accessToken)).toBe(200)
  })
})

async function statusOf(app: TestApp, token: string): Promise<number> {
  return (await app.request('/desk/me', bearer(token))).status
}
