import { inspect } from 'node:util'

import { Clock } from 'tenon'
import { AccessTokens, TokenIssuer, TokensModule } from 'tenon/auth'
import type { FakeClock } from 'tenon/testing'

import { bearer, deskApp, logIn } from './desk.ts'

describe('AccessTokens', () => {
  it('recall a token that was verified before without waiting', async () => {
    await using app = await deskApp().boot()
    const access = app.get(AccessTokens)
    const { accessToken } = await access.issue({ id: 'ada' })

    const before = access.recall(accessToken)
    const verified = await access.verify(accessToken)

    expect(before).toBeUndefined()
    expect(access.recall(accessToken)).toBe(verified)
    expect(verified.principal).toMatchObject({ id: 'ada' })
    expect(Object.isFrozen(verified.principal)).toBe(true)
  })

  it('recall nothing that was revoked or has expired', async () => {
    await using app = await deskApp().boot()
    const access = app.get(AccessTokens)
    const clock = app.get(Clock) as FakeClock
    const [one, other] = [await access.issue({ id: 'ada' }), await access.issue({ id: 'ada' })]
    for (const { accessToken } of [one, other]) await access.verify(accessToken)

    await access.revoke(one.tokenId)

    expect(() => access.recall(one.accessToken)).toThrow(/revoked/)
    expect(access.recall(other.accessToken)).toBeDefined()
    await clock.advance(330_000)
    // The list of revocations is too old to answer from memory; the look comes first.
    expect(access.recall(other.accessToken)).toBeUndefined()
    await expect(access.verify(other.accessToken)).rejects.toMatchObject({ code: 'AUTH_TOKEN_EXPIRED' })
  })

  it('refuse each as soon as it is revoked, however many others were before', async () => {
    await using app = await deskApp().boot()
    const access = app.get(AccessTokens)
    const issued = await Promise.all(Array.from({ length: 3 }, () => access.issue({ id: 'ada' })))
    for (const { accessToken } of issued) await access.verify(accessToken)
    const held = (): readonly boolean[] =>
      issued.map(({ accessToken }) => {
        try {
          return access.recall(accessToken) !== undefined
        } catch {
          return false
        }
      })

    const seen = [held()]
    for (const { tokenId } of issued) {
      await access.revoke(tokenId)
      seen.push(held())
    }

    expect(seen).toEqual([
      [true, true, true],
      [false, true, true],
      [false, false, true],
      [false, false, false],
    ])
  })

  it('remember so many tokens and no more, the latest ones', async () => {
    await using app = await deskApp(TokensModule.with({ cachedTokens: 3 })).boot()
    const access = app.get(AccessTokens)
    const tokens = await Promise.all(
      Array.from({ length: 5 }, async () => (await access.issue({ id: 'ada' })).accessToken),
    )

    for (const token of tokens) await access.verify(token)
    const recalled = tokens.map((token) => access.recall(token) !== undefined)

    expect(recalled).toEqual([false, false, true, true, true])
  })

  it('remember those that come again for longer than those that came once', async () => {
    await using app = await deskApp(TokensModule.with({ cachedTokens: 3 })).boot()
    const access = app.get(AccessTokens)
    const tokens = await Promise.all(
      Array.from({ length: 4 }, async () => (await access.issue({ id: 'ada' })).accessToken),
    )

    for (const token of tokens.slice(0, 3)) await access.verify(token)
    access.recall(tokens[0]!)
    await access.verify(tokens[3]!)
    const recalled = tokens.map((token) => access.recall(token) !== undefined)

    expect(recalled).toEqual([true, false, true, true])
  })

  it('know a token by all of it', async () => {
    await using app = await deskApp().boot()
    const access = app.get(AccessTokens)
    const { accessToken } = await logIn(app)
    const [head, body, signature] = accessToken.split('.') as [string, string, string]
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object
    const changed = Buffer.from(JSON.stringify({ ...claims, roles: ['admin'] })).toString('base64url')
    const forged = [
      `${head}.${changed}.${signature}`,
      `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
    ]

    const before = await app.request('/desk/me', bearer(accessToken))
    const answers = await Promise.all(forged.map((token) => app.request('/desk/me', bearer(token))))

    expect(before.status).toBe(200)
    expect(access.recall(accessToken)).toBeDefined()
    expect(forged.map((token) => access.recall(token))).toEqual([undefined, undefined])
    expect(answers.map(({ status }) => status)).toEqual([401, 401])
  })

  it('are remembered however the header is written', async () => {
    await using app = await deskApp().boot()
    const { accessToken } = await logIn(app)
    const forms = ['Bearer', 'bearer', 'BEARER', 'Bearer  ', 'DPoP', 'Basic']

    const statuses: number[] = []
    for (const form of [...forms, ...forms]) {
      const authorization = `${form} ${accessToken}`
      statuses.push((await app.request('/desk/me', { headers: { authorization } })).status)
    }

    const once = [200, 200, 200, 200, 401, 401]
    expect(statuses).toEqual([...once, ...once])
  })

  it('are not shown by who remembers them', async () => {
    await using app = await deskApp().boot()
    const access = app.get(AccessTokens)
    const { accessToken } = await access.issue({ id: 'ada' })

    await access.verify(accessToken)

    expect(access.recall(accessToken)).toBeDefined()
    expect(inspect(access, { depth: null, showHidden: true })).not.toContain(accessToken.split('.')[2])
    expect(JSON.stringify(access)).not.toContain(accessToken.split('.')[2])
  })

  it('remember nothing where that is switched off, and hold all the same', async () => {
    await using app = await deskApp(TokensModule.with({ cachedTokens: 0 })).boot()
    const { accessToken } = await logIn(app)

    expect((await app.request('/desk/me', bearer(accessToken))).status).toBe(200)
    expect(app.get(AccessTokens).recall(accessToken)).toBeUndefined()
  })

  it('tell an own principal from everybody else by its moment, within one millisecond', async () => {
    await using app = await deskApp().boot()
    const access = app.get(AccessTokens)
    const issuer = app.get(TokenIssuer)
    const statuses: number[] = []

    for (let round = 0; round < 3; round += 1) {
      const { accessToken } = await access.issue({ id: 'ada' })
      statuses.push((await app.request('/desk/me', bearer(accessToken))).status)
      await issuer.revokeAllOf('ada')
      statuses.push((await app.request('/desk/me', bearer(accessToken))).status)
    }

    expect(statuses).toEqual([200, 401, 200, 401, 200, 401])
  })
})
