import { AccessTokens, ApiKeys, ApiKeysModule, ServiceAccounts } from 'tenon/auth'
import type { TestApp } from 'tenon/testing'

import {
  ask,
  backstageApp,
  basic,
  EXCHANGE,
  exchangeOf,
  newClient,
  type Client,
} from '../service-accounts/backstage.ts'
import { bearer, logIn } from '../tokens/desk.ts'

interface Given {
  readonly app: TestApp
  readonly client: Client
  readonly token: string
}

interface Attack {
  readonly client?: (given: Given) => Client | undefined | Promise<Client | undefined>
  readonly fields: (given: Given) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>
  readonly answer: readonly [status: number, code: string, error: string]
}

const SELF = { grant_type: 'client_credentials' }
const INVALID_CLIENT = [401, 'AUTH_CLIENT_INVALID', 'invalid_client'] as const
const INVALID_REQUEST = [400, 'AUTH_GRANT_INVALID', 'invalid_request'] as const

const ATTACKS: Readonly<Record<string, Attack>> = {
  'without a client': { client: () => undefined, fields: () => SELF, answer: INVALID_CLIENT },
  'with a wrong secret': {
    client: ({ client }) => ({ ...client, secret: `${client.secret.slice(0, -1)}_` }),
    fields: () => SELF,
    answer: INVALID_CLIENT,
  },
  "with another client's secret": {
    client: async ({ app, client }) => ({ ...client, secret: (await newClient(app)).secret }),
    fields: () => SELF,
    answer: INVALID_CLIENT,
  },
  'with an unknown client': {
    client: ({ client }) => ({ ...client, id: 'nobody' }),
    fields: () => SELF,
    answer: INVALID_CLIENT,
  },
  'with a disabled client': {
    client: async ({ app }) => {
      const disabled = await newClient(app)
      await app.get(ServiceAccounts).disable(disabled.id)
      return disabled
    },
    fields: () => SELF,
    answer: INVALID_CLIENT,
  },
  'with SQL for a client': {
    client: ({ client }) => ({ ...client, id: "' OR '1'='1" }),
    fields: () => SELF,
    answer: INVALID_CLIENT,
  },
  'with the secret in two places': {
    fields: ({ client }) => ({ ...SELF, client_id: client.id, client_secret: client.secret }),
    answer: INVALID_REQUEST,
  },
  'with two client ids': {
    fields: () => ({ ...SELF, client_id: 'another' }),
    answer: INVALID_REQUEST,
  },
  'with a grant for passwords': {
    fields: () => ({ grant_type: 'password', username: 'ada', password: 'x' }),
    answer: [400, 'AUTH_GRANT_UNSUPPORTED', 'unsupported_grant_type'],
  },
  'with scopes that the client does not have': {
    fields: () => ({ ...SELF, scope: 'read admin' }),
    answer: [400, 'AUTH_GRANT_SCOPE', 'invalid_scope'],
  },
  'to act for others without being allowed to': {
    client: async ({ app }) => newClient(app),
    fields: ({ token }) => exchangeOf(token),
    answer: [403, 'AUTH_EXCHANGE_REFUSED', 'unauthorized_client'],
  },
  'to act for somebody of another tenant': {
    client: async ({ app }) => newClient(app, { mayActForOthers: true, tenant: 'other' }),
    fields: ({ token }) => exchangeOf(token),
    answer: [403, 'AUTH_EXCHANGE_REFUSED', 'unauthorized_client'],
  },
  'to act with scopes that the caller does not have': {
    fields: async ({ app }) => {
      const { accessToken } = await app.get(AccessTokens).issue({ id: 'ada', scopes: ['look'] })
      return exchangeOf(accessToken, { scope: 'read' })
    },
    answer: [400, 'AUTH_GRANT_SCOPE', 'invalid_scope'],
  },
  'to act without a token': {
    fields: () => ({ grant_type: EXCHANGE }),
    answer: INVALID_REQUEST,
  },
  'to act with a token of another type': {
    fields: ({ token }) => exchangeOf(token, { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' }),
    answer: INVALID_REQUEST,
  },
  'to get a refresh token by exchange': {
    fields: ({ token }) =>
      exchangeOf(token, { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }),
    answer: INVALID_REQUEST,
  },
  'to name an actor other than the client': {
    fields: ({ token }) => exchangeOf(token, { actor_token: token }),
    answer: INVALID_REQUEST,
  },
}

describe('A token request is refused:', () => {
  it.each(Object.entries(ATTACKS))('%s', async (_, { client: chosen, fields, answer: [status, code, error] }) => {
    await using app = await backstageApp().boot()
    const client = await newClient(app, { mayActForOthers: true, scopes: ['look', 'read'] })
    const given = { app, client, token: (await logIn(app)).accessToken }

    const refused = await ask(app, chosen ? await chosen(given) : client, await fields(given))
    const legitimate = [await ask(app, client, SELF), await ask(app, client, exchangeOf(given.token))]

    expect(refused).toMatchObject({ status, body: { code, error } })
    expect(legitimate.map((answer) => answer.status)).toEqual([200, 200])
  })

  it('to act with a refresh token, a forged token or an expired one', async () => {
    await using app = await backstageApp().boot()
    const client = await newClient(app, { mayActForOthers: true })
    const { refreshToken, accessToken } = await logIn(app)

    for (const token of [refreshToken, `${accessToken.slice(0, -4)}AAAA`, 'x']) {
      expect(await ask(app, client, exchangeOf(token))).toMatchObject({
        status: 401,
        body: { code: 'AUTH_TOKEN_INVALID' },
      })
    }
    expect((await ask(app, client, exchangeOf(accessToken))).status).toBe(200)
  })

  it('after the fourth who acts in the name of the one before', async () => {
    await using app = await backstageApp().boot()
    const client = await newClient(app, { mayActForOthers: true })
    let { accessToken: token } = await logIn(app)

    const statuses: number[] = []
    for (let length = 1; length <= 5; length += 1) {
      const { status, body } = await ask(app, client, exchangeOf(token))
      statuses.push(status)
      if (status === 200) token = String(body['access_token'])
    }

    expect(statuses).toEqual([200, 200, 200, 200, 403])
  })

  it('and the tokens of a program that is disabled count no more, those in the name of others included', async () => {
    await using app = await backstageApp().boot()
    const client = await newClient(app, { mayActForOthers: true })
    const person = await logIn(app)
    const tokens = [await ask(app, client, { ...SELF }), await ask(app, client, exchangeOf(person.accessToken))]
    const status = async (token: unknown) => (await app.request('/desk/me', bearer(String(token)))).status
    const before = await Promise.all(tokens.map(({ body }) => status(body['access_token'])))

    await app.get(ServiceAccounts).disable(client.id)

    expect(before).toEqual([200, 200])
    expect(await Promise.all(tokens.map(({ body }) => status(body['access_token'])))).toEqual([401, 401])
    expect(await status(person.accessToken)).toBe(200)
  })

  it('and the API keys of a program that is disabled count no more', async () => {
    await using app = await backstageApp(ApiKeysModule).boot()
    const [client, other] = [await newClient(app), await newClient(app)]
    const keys = await Promise.all(
      [client, other].map(({ id }) => app.get(ApiKeys).create({ owner: { id, kind: 'service' }, name: 'import' })),
    )
    const statuses = () =>
      Promise.all(keys.map(async ({ secret }) => (await app.request('/desk/me', bearer(secret))).status))
    const before = await statuses()

    await app.get(ServiceAccounts).disable(client.id)

    expect([before, await statuses()]).toEqual([
      [200, 200],
      [401, 200],
    ])
  })

  it('when Authorization is malformed', async () => {
    await using app = await backstageApp().boot()
    const client = await newClient(app)
    const request = (authorization: string) =>
      app.request('/auth/token', { json: SELF, headers: { authorization } }).then(({ status }) => status)
    const encoded = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

    const refused = [encoded('no colon'), encoded('%E0%A4%A:x'), 'Basic !!!', `Bearer ${client.secret}`]

    expect(await Promise.all(refused.map(request))).toEqual([401, 401, 401, 401])
    expect(await request(basic(client))).toBe(200)
  })
})
