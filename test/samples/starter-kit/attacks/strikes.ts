/** What is tried against every guarded route. */
import { createHash, generateKeyPairSync } from 'node:crypto'

import { AccessTokens } from 'tenon/auth'

import { PERMISSIONS, type Role } from '../../../../samples/starter-kit/access/roles.ts'
import { ed25519, Forgery, hmac, jwt } from '../../../modules/auth/attacks/forge.ts'
import type { Guarded, Scene, Stranger } from './routes.ts'
import type { Person, Siege, Team } from './siege.ts'
import { bearer, type Call, type Reply } from './wire.ts'

/** The attacked organisation, and the one that the attackers belong to. */
export interface Battle {
  readonly siege: Siege
  readonly victims: Team
  readonly attackers: Team
  readonly scene: Scene
  readonly entry: Guarded
}

export interface Strike {
  readonly name: string
  /** Whether it can be tried there at all. Default: everywhere. */
  readonly suits?: (route: string, entry: Guarded) => boolean
  readonly strike: (battle: Battle) => Promise<Reply | readonly Reply[]>
  /** What must not stand in the answers besides the secrets. */
  readonly unread?: readonly string[]
  /** Statuses that keep the attacker out; `unseeing`: any answer without the secrets. */
  readonly expected: readonly number[] | 'unseeing'
}

const KEPT_OUT = [401]
const NOT_FOR_YOU = [403, 404]
const NEVER_ANSWERED = [400, 401, 403, 404, 405, 414, 421]

const isUnsafe = (route: string): boolean => !route.startsWith('GET ')
const isOfPeople = (route: string): boolean => !route.includes('/observe/')

export const STRIKES: readonly Strike[] = [
  ...credentials(),
  ...strangers(),
  ...colleagues(),
  ...lists(),
  ...references(),
  ...keys(),
  ...sessions(),
  ...detours(),
]

function credentials(): readonly Strike[] {
  const withToken = (name: string, make: (forgery: Forgery, battle: Battle) => string | Promise<string>): Strike => ({
    name,
    expected: KEPT_OUT,
    strike: async (battle) => {
      const token = await make(new Forgery(battle.siege.app, battle.scene.owner.accessToken), battle)
      return ask(battle, bearer(token))
    },
  })
  const withHeaders = (name: string, headers: (scene: Scene) => Readonly<Record<string, string>>): Strike => ({
    name,
    expected: KEPT_OUT,
    strike: (battle) => ask(battle, headers(battle.scene)),
  })
  return [
    withHeaders('without a credential', () => ({})),
    withHeaders('with an empty credential', () => ({ authorization: 'Bearer ' })),
    withHeaders('with the token as a password', ({ owner }) => ({
      authorization: `Basic ${Buffer.from(`${owner.email}:${owner.accessToken}`).toString('base64')}`,
    })),
    withHeaders('with the token as an API key', ({ owner }) => ({ 'x-api-key': owner.accessToken })),
    withHeaders('with the token as a session', ({ owner }) => ({ cookie: `session=${owner.accessToken}` })),
    {
      ...withHeaders('with a session that is made up', () => ({ cookie: `session=${'A'.repeat(43)}` })),
      expected: [401, 403],
    },
    withHeaders('as somebody whom a header names', ({ owner }) => ({
      'x-user-id': owner.email,
      'x-forwarded-user': owner.email,
      'x-remote-user': owner.email,
    })),
    withHeaders('as an identity of tests', () => ({ 'x-tenon-test-identity': '1', 'x-test-principal': 'admin' })),
    {
      name: 'with the token in the query',
      expected: KEPT_OUT,
      strike: ({ siege, scene: { call, owner } }) =>
        siege.send({
          ...call,
          path: `${call.path}${call.path.includes('?') ? '&' : '?'}access_token=${owner.accessToken}`,
        }),
    },
    withToken('with nonsense', () => 'nonsense'),
    withToken('with a token that was changed', ({ token }) => `${token.slice(0, -6)}AAAAAA`),
    withToken('with a token whose claims were changed', ({ token, claims }) => {
      const [header, , signature] = token.split('.')
      const body = Buffer.from(JSON.stringify({ ...claims, roles: ['admin', 'operator'] })).toString('base64url')
      return `${header}.${body}.${signature}`
    }),
    withToken('with a token that nobody signed', ({ header, claims }) => {
      return jwt({ ...header, alg: 'none' }, claims, () => Buffer.alloc(0))
    }),
    withToken('with a token signed by the public key', ({ header, claims, publicKey }) => {
      const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
      return jwt({ ...header, alg: 'HS256' }, claims, hmac(pem))
    }),
    withToken('with a token that a stranger signed', ({ header, claims }) => {
      return jwt(header, claims, ed25519(generateKeyPairSync('ed25519').privateKey))
    }),
    withToken('with a token of another kind', (forgery) =>
      forgery.signed(forgery.claims, { ...forgery.header, typ: 'JWT' }),
    ),
    withToken('with a token that has expired', (forgery) =>
      forgery.signed({ ...forgery.claims, iat: forgery.now - 7200, exp: forgery.now - 3600 }),
    ),
    withToken('with a token that has no end', (forgery) => forgery.without('exp')),
    withToken('with a token of another issuer', (forgery) =>
      forgery.signed({ ...forgery.claims, iss: 'https://evil.example' }),
    ),
    withToken('with a token for somebody else', (forgery) =>
      forgery.signed({ ...forgery.claims, aud: 'https://evil.example' }),
    ),
    withToken('with a token that was revoked', async (_forgery, { siege, scene: { owner } }) => {
      const accessToken = await anotherToken(siege, owner)
      await siege.send({ path: '/api/auth/token/revoke', json: { token: accessToken } })
      return accessToken
    }),
    {
      ...withToken('with a refresh token', async (_forgery, { siege, scene }) => {
        return (await siege.tokens(scene.owner.email)).refreshToken
      }),
      suits: isOfPeople,
    },
  ]
}

/** People of another organisation. */
function strangers(): readonly Strike[] {
  const roles: readonly Role[] = ['admin', 'agent', 'customer']
  return roles.flatMap((role): readonly Strike[] => [
    {
      name: `as ${role} of another organisation`,
      suits: (_route, { isNamed }) => isNamed,
      expected: NOT_FOR_YOU,
      strike: async (battle) => ask(battle, await stranger(battle, role)),
    },
    {
      name: `as ${role} of another organisation, who is to see nothing of this one`,
      suits: (_route, { isNamed }) => !isNamed,
      expected: 'unseeing',
      strike: async (battle) => ask(battle, await stranger(battle, role)),
    },
    {
      name: `as ${role} of another organisation who names this one`,
      expected: 'unseeing',
      suits: (_route, { isNamed }) => !isNamed,
      strike: async (battle) => {
        const own = await stranger(battle, role)
        return ask(battle, { ...own, ...naming(battle.victims.id) })
      },
    },
    {
      name: `as ${role} of another organisation who names this one, for what is in it`,
      suits: (_route, { isNamed }) => isNamed,
      expected: NOT_FOR_YOU,
      strike: async (battle) => {
        const own = await stranger(battle, role)
        return ask(battle, { ...own, ...naming(battle.victims.id) })
      },
    },
  ])
}

/** People of the same organisation. */
function colleagues(): readonly Strike[] {
  const all: readonly Stranger[] = ['admin', 'agent', 'customer', 'colleague']
  return all.flatMap((who): readonly Strike[] => [
    {
      name: `as the ${who} of the same organisation, who may not`,
      suits: (_route, { refused }) => refused.includes(who),
      expected: NOT_FOR_YOU,
      strike: (battle) => ask(battle, bearer(battle.victims[who].accessToken)),
    },
    {
      name: `as the ${who} of the same organisation, who has an answer of their own`,
      suits: (_route, { blind = [] }) => blind.includes(who),
      expected: 'unseeing',
      strike: (battle) => ask(battle, bearer(battle.victims[who].accessToken)),
    },
  ])
}

/** Masks empty the rows that somebody may not read; a list must not have them at all. */
function lists(): readonly Strike[] {
  return [
    {
      name: 'as the colleague of the same organisation, who is not to count what others have',
      suits: (route) => route === 'GET /api/tickets',
      expected: 'unseeing',
      unread: ['"items":[{'],
      strike: (battle) => ask(battle, bearer(battle.victims.colleague.accessToken)),
    },
  ]
}

/** The owner, with something of others in the body. */
function references(): readonly Strike[] {
  return [
    {
      name: 'as its owner, who hands it to somebody of another organisation',
      suits: (route) => route === 'PATCH /api/tickets/:id',
      expected: [422],
      strike: ({ siege, scene, attackers }) =>
        Promise.all(
          [attackers.agent, attackers.admin].map(({ id }) =>
            siege.as(scene.owner, { ...scene.call, json: { assigneeId: id } }),
          ),
        ),
    },
  ]
}

function keys(): readonly Strike[] {
  const keyOf = async ({ siege, scene }: Battle, scopes: readonly string[]) =>
    siege.apiKey(scene.owner as Person, scopes)
  return [
    {
      name: 'with an API key for everything but this',
      suits: (route, { scope }) => isOfPeople(route) && scope !== 'none' && scope !== 'never',
      expected: NOT_FOR_YOU,
      strike: async (battle) => {
        const { secret } = await keyOf(
          battle,
          PERMISSIONS.filter((each) => each !== battle.entry.scope),
        )
        return ask(battle, { 'x-api-key': secret })
      },
    },
    {
      name: 'with an API key, where only people may',
      suits: (route, { scope }) => isOfPeople(route) && scope === 'never',
      expected: [401, 403],
      strike: async (battle) => {
        const { secret } = await keyOf(battle, PERMISSIONS)
        return Promise.all([
          ask(battle, { 'x-api-key': secret }),
          ask(battle, bearer(secret)),
          ask(battle, { authorization: `ApiKey ${secret}` }),
        ])
      },
    },
    {
      name: 'with an API key that was revoked',
      suits: isOfPeople,
      expected: KEPT_OUT,
      strike: async (battle) => {
        const { id, secret } = await keyOf(battle, PERMISSIONS)
        await battle.siege.as(battle.scene.owner, { method: 'DELETE', path: `/api/api-keys/${id}` })
        return ask(battle, { 'x-api-key': secret })
      },
    },
    {
      name: 'with an API key that was changed',
      suits: isOfPeople,
      expected: KEPT_OUT,
      strike: async (battle) => {
        const { id, secret } = await keyOf(battle, PERMISSIONS)
        const hash = createHash('sha256').update(secret).digest('hex')
        return Promise.all([
          ask(battle, { 'x-api-key': `${secret.slice(0, -2)}${secret.endsWith('AA') ? 'EE' : 'AA'}` }),
          ask(battle, { 'x-api-key': id }),
          ask(battle, { 'x-api-key': hash }),
        ])
      },
    },
    {
      name: 'with an API key of an admin of another organisation',
      suits: (route, { isNamed }) => isOfPeople(route) && isNamed,
      expected: [401, 403, 404],
      strike: async (battle) => {
        const { secret } = await battle.siege.apiKey(battle.attackers.admin, PERMISSIONS)
        return ask(battle, { 'x-api-key': secret, ...naming(battle.victims.id) })
      },
    },
  ]
}

/** What other pages make the browser of somebody send who is logged in. */
function sessions(): readonly Strike[] {
  const suits = (route: string): boolean => isUnsafe(route) && isOfPeople(route)
  return [
    {
      name: 'by a page of another site, in the browser of the owner',
      suits,
      expected: [403],
      strike: async (battle) => {
        const session = await battle.siege.session(battle.scene.owner)
        const cookie = { cookie: session.cookie }
        const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
        return Promise.all([
          ask(battle, cookie),
          ask(battle, { ...cookie, ...evil }),
          ask(battle, { ...cookie, ...evil, 'x-csrf-token': session.csrfToken }),
          ask(battle, { ...cookie, origin: 'null' }),
          ask(battle, { ...cookie, ...evil, 'content-type': 'text/plain' }),
        ])
      },
    },
    {
      name: 'with the CSRF token of another session',
      suits,
      expected: [403],
      strike: async (battle) => {
        const own = await battle.siege.session(battle.attackers.admin)
        const { cookie } = await battle.siege.session(battle.scene.owner)
        return ask(battle, battle.siege.browser({ cookie, csrfToken: own.csrfToken }))
      },
    },
    {
      name: 'with a session after logging out',
      suits: isOfPeople,
      expected: [401, 403],
      strike: async (battle) => {
        const { siege, scene } = battle
        const session = await siege.session(scene.owner)
        await siege.send({ path: '/api/auth/logout', method: 'POST', headers: siege.browser(session) })
        return ask(battle, siege.browser(session))
      },
    },
  ]
}

/** The same route by another way of writing it. */
function detours(): readonly Strike[] {
  const without = (name: string, calls: (call: Call) => readonly Call[], suits?: Strike['suits']): Strike => ({
    name: `${name}, without a credential`,
    expected: NEVER_ANSWERED,
    ...(suits && { suits }),
    strike: ({ siege, scene }) => Promise.all(calls(scene.call).map((each) => siege.send(each))),
  })
  const foreign = (name: string, calls: (call: Call) => readonly Call[]): Strike => ({
    name: `${name}, as admin of another organisation`,
    expected: NEVER_ANSWERED,
    suits: (_route, { isNamed }) => isNamed,
    strike: async (battle) => {
      const headers = await stranger(battle, 'admin')
      return Promise.all(
        calls(battle.scene.call).map((each) =>
          battle.siege.send({ ...each, headers: { ...each.headers, ...headers } }),
        ),
      )
    },
  })
  const paths = (call: Call): readonly Call[] => spellings(call.path).map((path) => ({ ...call, path }))
  const versions = (call: Call): readonly Call[] =>
    ['1', '2', '3', '0', '', '2.0', '../1', '1, 2', 'latest', '*'].map((version) => ({
      ...call,
      headers: { ...call.headers, 'x-api-version': version },
    }))
  const overrides = (call: Call): readonly Call[] => {
    const method = call.method ?? (call.json === undefined ? 'GET' : 'POST')
    const names = ['x-http-method-override', 'x-http-method', 'x-method-override']
    return ['GET', 'POST'].flatMap((sent) => [
      ...names.map((name) => ({ ...call, method: sent, headers: { ...call.headers, [name]: method } })),
      { ...call, method: sent, path: `${call.path}${call.path.includes('?') ? '&' : '?'}_method=${method}` },
    ])
  }
  return [
    without('by other spellings of the path', paths),
    foreign('by other spellings of the path', paths),
    without('by names of versions', versions),
    foreign('by names of versions', versions),
    without('by a method named in a header', overrides),
    foreign('by a method named in a header', overrides),
    without(
      'by HEAD',
      (call) => [{ ...call, method: 'HEAD' }],
      (route) => !isUnsafe(route),
    ),
    {
      name: 'by a path named in a header',
      expected: 'unseeing',
      strike: ({ siege, scene: { call } }) =>
        siege.send({ path: '/', headers: { 'x-original-url': call.path, 'x-rewrite-url': call.path } }),
    },
  ]
}

function spellings(path: string): readonly string[] {
  const [route = '', query] = path.split('?')
  const search = query === undefined ? '' : `?${query}`
  const last = route.length - 1
  const encoded = `%${route.charCodeAt(last).toString(16)}`
  return [
    `${route}/`,
    `/${route}`,
    `${route}//`,
    route.toUpperCase(),
    `/.${route}`,
    `${route}/.`,
    `/x/..${route}`,
    `/x/%2e%2e${route}`,
    `${route.slice(0, last)}${encoded}`,
    route.replaceAll('/', '%2f').replace('%2f', '/'),
    `${route};x=1`,
    `${route}.json`,
    `${route}%00`,
    `${route}%20`,
    `${route}%0d%0ax:y`,
    `http://evil.example${route}`,
  ].map((each) => `${each}${search}`)
}

function ask({ siege, scene: { call } }: Battle, headers: Readonly<Record<string, string>>): Promise<Reply> {
  return siege.send({ ...call, headers: { ...call.headers, ...headers } })
}

/** Somebody new each time: some calls end the caller's own logins. */
async function stranger({ siege, attackers }: Battle, role: Role): Promise<Readonly<Record<string, string>>> {
  return bearer((await siege.person(attackers.id, role)).accessToken)
}

function naming(organisation: string): Readonly<Record<string, string>> {
  return {
    'x-tenant-id': organisation,
    'x-organisation': organisation,
    'x-organisation-id': organisation,
    'x-forwarded-host': `${organisation}.desk.example`,
  }
}

async function anotherToken(siege: Siege, { email }: Scene['owner']): Promise<string> {
  if (email !== '') return (await siege.tokens(email)).accessToken
  return (await siege.app.get(AccessTokens).issue({ id: 'operator', roles: ['operator'] })).accessToken
}
