import { Clock } from 'tenon'
import { TokenEndpointsModule, TokenIssuer, type IssuedTokens } from 'tenon/auth'
import type { FakeClock, TestApp } from 'tenon/testing'

import { bearer, deskApp, logIn } from '../tokens/desk.ts'

interface Given {
  readonly app: TestApp
  readonly tokens: IssuedTokens
}

const INVALID = 'AUTH_REFRESH_INVALID'

const ATTACKS: Readonly<Record<string, { readonly forge: (given: Given) => unknown; readonly code?: string }>> = {
  'an access token in its place': { forge: ({ tokens }) => tokens.accessToken.slice(0, 256) },
  'a wrong checksum': {
    forge: ({ tokens }) => tokens.refreshToken.slice(0, -1) + (tokens.refreshToken.endsWith('A') ? 'B' : 'A'),
  },
  'one character changed': {
    forge: ({ tokens }) => tokens.refreshToken.replace(/_(.)/, (_, first) => (first === 'a' ? '_b' : '_a')),
  },
  'the id of its login': { forge: ({ tokens }) => tokens.familyId },
  'SQL behind it': { forge: ({ tokens }) => `${tokens.refreshToken}' OR 1=1 --` },
  'the token of another application': {
    forge: async () => {
      await using other = await deskApp().boot()
      return (await logIn(other)).refreshToken
    },
  },
  'the token of a login that was ended': {
    forge: async ({ app }) => {
      const { refreshToken, familyId } = await logIn(app)
      await app.get(TokenIssuer).revokeFamily(familyId)
      return refreshToken
    },
  },
  'the token of somebody whose logins were all ended': {
    forge: async ({ app }) => {
      const { refreshToken } = await logIn(app, { id: 'eve' })
      await app.get(TokenIssuer).revokeAllOf('eve')
      return refreshToken
    },
  },
  'a used token, once its time of grace is over': {
    forge: async ({ app }) => {
      const { refreshToken } = await logIn(app, { id: 'eve' })
      await app.get(TokenIssuer).refresh(refreshToken)
      await (app.get(Clock) as FakeClock).advance(10_000)
      return refreshToken
    },
    code: 'AUTH_REFRESH_REUSED',
  },
  'a used token whose successor was used too': {
    forge: async ({ app }) => {
      const { refreshToken } = await logIn(app, { id: 'eve' })
      const next = await app.get(TokenIssuer).refresh(refreshToken)
      await app.get(TokenIssuer).refresh(next.refreshToken)
      return refreshToken
    },
    code: 'AUTH_REFRESH_REUSED',
  },
  'a token of many kilobytes': {
    forge: ({ tokens }) => tokens.refreshToken + 'a'.repeat(5000),
    code: 'VALIDATION_FAILED',
  },
  'an object that a query would take': { forge: () => ({ $ne: null }), code: 'VALIDATION_FAILED' },
  'a list of tokens': { forge: ({ tokens }) => [tokens.refreshToken], code: 'VALIDATION_FAILED' },
}

describe('A refresh is refused with', () => {
  it.each(Object.entries(ATTACKS))('%s', async (_, { forge, code = INVALID }) => {
    await using app = await deskApp(TokenEndpointsModule).boot()
    const tokens = await logIn(app)

    const refused = await refresh(app, await forge({ app, tokens }))
    const legitimate = await refresh(app, tokens.refreshToken)

    expect(await refused.json()).toMatchObject({ code })
    expect(legitimate.status).toBe(200)
  })

  it('a token that was stolen and used: thief and owner both lose the login, and nobody else does', async () => {
    await using app = await deskApp(TokenEndpointsModule).boot()
    const stolen = (await logIn(app)).refreshToken
    const bystander = await logIn(app, { id: 'bob' })

    const thief = (await (await refresh(app, stolen)).json()) as IssuedTokens
    await (app.get(Clock) as FakeClock).advance(60_000)
    const owner = await refresh(app, stolen)

    expect(await owner.json()).toMatchObject({ code: 'AUTH_REFRESH_REUSED' })
    expect((await app.request('/desk/me', bearer(thief.accessToken))).status).toBe(401)
    expect((await refresh(app, thief.refreshToken)).status).toBe(401)
    expect((await refresh(app, bystander.refreshToken)).status).toBe(200)
  })
})

function refresh(app: TestApp, refreshToken: unknown): Promise<Response> {
  return app.request('/auth/token/refresh', { json: { refreshToken } })
}
