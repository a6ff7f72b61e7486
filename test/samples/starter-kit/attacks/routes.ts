/**
 * Every route of the starter kit: who may call it, and what must stay out of reach of everybody else. A route that is missing
 * here fails the suite, so a new one is attacked as soon as it is described.
 */
import { Clock } from 'tenon'
import { AccessTokens } from 'tenon/auth'
import { IdentityLinks } from 'tenon/oidc'

import type { Permission } from '../../../../samples/starter-kit/access/roles.ts'
import { SoftAuthenticator } from '../../../modules/mfa/soft-authenticator.ts'
import { totpCode } from '../authenticator.ts'
import { expecting, PASSWORD, type Person, type Siege, type Team } from './siege.ts'
import type { Call } from './wire.ts'

/** A request that somebody may make, to something that was made for it. */
export interface Scene {
  readonly owner: Pick<Person, 'accessToken' | 'email'>
  readonly call: Call
  /** What strangers must not read in an answer. */
  readonly secrets?: readonly string[]
}

export type Stranger = Exclude<keyof Team, 'id'>

export interface Guarded {
  readonly stage: (siege: Siege, team: Team) => Promise<Scene>
  /** Of the answer to the owner. */
  readonly status: number
  /** Of the same organisation, and may not; the answer is 403 or 404. */
  readonly refused: readonly Stranger[]
  /** Of the same organisation, and get an answer of their own without the secrets. */
  readonly blind?: readonly Stranger[]
  /** Takes no token: the owner calls by a browser. */
  readonly isOfBrowsers?: boolean
  /** Whether the path names something of the owner: then nobody of another organisation gets any answer. */
  readonly isNamed: boolean
  /** What strangers do with the same words in their own organisation takes these words away: the owner uses others then. */
  readonly isUsedUp?: boolean
  /** The scope that an API key needs; `none`: every key will do; `never`: no key may. */
  readonly scope: Permission | 'none' | 'never'
}

/** Anybody may call it: nobody learns anything by it. */
export interface Open {
  readonly open: true
  readonly call: Call
  /** Of the answer to a stranger. */
  readonly status: number
}

export type Entry = Guarded | Open

const EVERYBODY: readonly Stranger[] = ['admin', 'agent', 'customer', 'colleague']

function guarded(
  status: number,
  rules: Partial<Omit<Guarded, 'status' | 'stage'>> & Pick<Guarded, 'scope'>,
  stage: Guarded['stage'],
): Guarded {
  return { status, stage, refused: [], isNamed: false, ...rules }
}

function open(status: number, call: Call): Open {
  return { open: true, status, call }
}

/** Whoever calls does not matter: everybody has one of their own. */
async function freshCustomer(siege: Siege, { id }: Team): Promise<Person> {
  return siege.person(id, 'customer')
}

const byTicket = (suffix: string, call: Omit<Call, 'path'>, owner: 'customer' | 'agent') => {
  return async (siege: Siege, team: Team): Promise<Scene> => {
    const { id, subject } = await siege.ticket(team.customer)
    return { owner: team[owner], call: { ...call, path: `/api/tickets/${id}${suffix}` }, secrets: [subject] }
  }
}

const byMember = (call: Omit<Call, 'path'>) => {
  return async (siege: Siege, team: Team): Promise<Scene> => {
    const { id, email } = await freshCustomer(siege, team)
    return { owner: team.admin, call: { ...call, path: `/api/users/${id}` }, secrets: [email] }
  }
}

/** Somebody's own factors: there is no way to name another's. */
function own(status: number, { path, ...call }: Call, having?: 'app' | 'passkey'): Guarded {
  return guarded(status, { scope: 'never' }, async (siege, team) => {
    const owner = await freshCustomer(siege, team)
    if (having === 'app') await siege.enrol(owner)
    if (having === 'passkey') await siege.passkey(owner)
    return { owner, call: { ...call, path: `/api/auth/mfa${path}` } }
  })
}

const byPasskey = (call: Omit<Call, 'path'>) => {
  return async (siege: Siege, team: Team): Promise<Scene> => {
    const owner = await freshCustomer(siege, team)
    const id = await siege.passkey(owner)
    return { owner, call: { ...call, path: `/api/auth/mfa/passkeys/${id}` } }
  }
}

/** Somebody who also logs in elsewhere. */
async function linked(siege: Siege, team: Team): Promise<{ readonly owner: Person; readonly id: string }> {
  const owner = await freshCustomer(siege, team)
  const links = siege.app.get(IdentityLinks)
  await links.link({ name: 'acme', issuer: 'https://id.acme.example', clientId: 'desk' }, { sub: owner.id }, owner.id)
  const [identity] = await links.list(owner.id)
  return { owner, id: identity!.id }
}

const byKey = (suffix: string, method: string) => {
  return async (siege: Siege, team: Team): Promise<Scene> => {
    const { id } = await siege.apiKey(team.customer, ['tickets:read'])
    return { owner: team.customer, call: { method, path: `/api/api-keys/${id}${suffix}` } }
  }
}

/** Nobody at a desk has this role. */
const byOperator = (call: Call) => {
  return async (siege: Siege): Promise<Scene> => {
    const { accessToken } = await siege.app.get(AccessTokens).issue({ id: 'operator', roles: ['operator'] })
    return { owner: { accessToken, email: '' }, call }
  }
}

export const ROUTES: Readonly<Record<string, Entry>> = {
  'GET /': open(200, { path: '/' }),
  'GET /invitation': open(200, { path: '/invitation' }),
  'GET /verify': open(200, { path: '/verify' }),
  'GET /reset-password': open(200, { path: '/reset-password' }),
  'GET /confirm-email': open(200, { path: '/confirm-email' }),
  'GET /web/:name': open(200, { path: '/web/page.js' }),
  'GET /.well-known/jwks.json': open(200, { path: '/.well-known/jwks.json' }),
  'GET /docs': open(200, { path: '/docs' }),
  'GET /docs/reference.js': open(200, { path: '/docs/reference.js' }),
  'GET /docs/start.js': open(200, { path: '/docs/start.js' }),
  'GET /openapi.json': open(200, { path: '/openapi.json' }),
  'GET /health/live': open(200, { path: '/health/live' }),
  'GET /health/ready': open(200, { path: '/health/ready' }),
  // From another machine, as the proxy says.
  'GET /metrics': open(403, { path: '/metrics' }),

  'GET /api/auth/csrf': open(200, { path: '/api/auth/csrf' }),
  'POST /api/auth/login': open(403, { path: '/api/auth/login', json: { email: 'eve@evil.example', password: 'x' } }),
  'POST /api/auth/logout': open(204, { path: '/api/auth/logout', method: 'POST' }),
  'POST /api/auth/token': open(401, { path: '/api/auth/token', json: { email: 'eve@evil.example', password: 'x' } }),
  'POST /api/auth/token/refresh': open(401, { path: '/api/auth/token/refresh', json: { refreshToken: 'x' } }),
  'POST /api/auth/token/revoke': open(204, { path: '/api/auth/token/revoke', json: { token: 'x' } }),
  'POST /api/auth/verify': open(400, { path: '/api/auth/verify', json: { code: 'x' } }),
  'POST /api/auth/email/confirm': open(400, { path: '/api/auth/email/confirm', json: { code: 'x' } }),
  'POST /api/auth/password/forgot': open(202, { path: '/api/auth/password/forgot', json: { email: 'e@evil.example' } }),
  'POST /api/auth/password/reset': open(400, {
    path: '/api/auth/password/reset',
    json: { code: 'x', password: PASSWORD },
  }),
  'POST /api/auth/invitation': open(400, { path: '/api/auth/invitation', json: { code: 'x' } }),
  'POST /api/auth/invitation/accept': open(400, {
    path: '/api/auth/invitation/accept',
    json: { code: 'x', password: PASSWORD },
  }),
  'GET /second-factor': open(200, { path: '/second-factor' }),
  // The desk has a page of its own for it.
  'GET /api/auth/mfa/second-factor': open(404, { path: '/api/auth/mfa/second-factor' }),
  'POST /api/auth/mfa/login/options': open(401, { path: '/api/auth/mfa/login/options', json: { ticket: 'x' } }),
  'POST /api/auth/mfa/login': open(403, { path: '/api/auth/mfa/login', json: { ticket: 'x', code: '123456' } }),
  'POST /api/auth/mfa/token': open(401, { path: '/api/auth/mfa/token', json: { ticket: 'x', code: '123456' } }),
  'POST /api/auth/mfa/passkey/options': open(200, { path: '/api/auth/mfa/passkey/options', method: 'POST' }),
  'POST /api/auth/mfa/passkey/login': open(403, { path: '/api/auth/mfa/passkey/login', json: { passkey: {} } }),
  'POST /api/auth/mfa/passkey/token': open(400, { path: '/api/auth/mfa/passkey/token', json: { passkey: {} } }),
  'GET /api/auth/oidc': open(200, { path: '/api/auth/oidc' }),
  'GET /api/auth/oidc/:issuer/login': open(404, { path: '/api/auth/oidc/acme/login' }),
  'GET /api/auth/oidc/:issuer/callback': open(303, { path: '/api/auth/oidc/acme/callback?code=x&state=x' }),
  'POST /api/auth/oidc/logout': open(200, { path: '/api/auth/oidc/logout', method: 'POST' }),
  'POST /api/auth/sign-up': open(400, { path: '/api/auth/sign-up', json: { email: 'e@evil.example' } }),

  'GET /api/auth/me': guarded(200, { scope: 'none', blind: EVERYBODY }, async (siege, team) => {
    const owner = await freshCustomer(siege, team)
    return { owner, call: { path: '/api/auth/me' }, secrets: [owner.email, owner.id] }
  }),
  'POST /api/auth/email': guarded(202, { scope: 'never' }, async (siege, team) => {
    const owner = await freshCustomer(siege, team)
    const json = { password: PASSWORD, newEmail: `new.${owner.email}` }
    return { owner, call: { path: '/api/auth/email', json } }
  }),
  'POST /api/auth/password/change': guarded(200, { scope: 'never' }, async (siege, team) => {
    const owner = await freshCustomer(siege, team)
    const json = { password: PASSWORD, newPassword: 'green_Kettle_walks_9_miles' }
    return { owner, call: { path: '/api/auth/password/change', json } }
  }),
  'GET /api/auth/sessions': guarded(200, { scope: 'never', blind: EVERYBODY }, async (siege, team) => {
    const owner = await freshCustomer(siege, team)
    return { owner, call: { path: '/api/auth/sessions' }, secrets: [await sessionOf(siege, owner)] }
  }),
  'DELETE /api/auth/sessions': guarded(204, { scope: 'never' }, async (siege, team) => {
    return { owner: await freshCustomer(siege, team), call: { method: 'DELETE', path: '/api/auth/sessions' } }
  }),
  'DELETE /api/auth/sessions/:id': guarded(
    204,
    { scope: 'never', isNamed: true, refused: EVERYBODY },
    async (siege, team) => {
      const owner = await freshCustomer(siege, team)
      const id = await sessionOf(siege, owner)
      return { owner, call: { method: 'DELETE', path: `/api/auth/sessions/${id}` } }
    },
  ),

  'POST /api/auth/invitation/join': guarded(200, { scope: 'never' }, async (siege, team) => {
    const owner = await freshCustomer(siege, team)
    await siege.invite(team.admin, owner.email)
    return { owner, call: { path: '/api/auth/invitation/join', json: { code: await siege.codeFor(owner.email) } } }
  }),

  'GET /api/auth/mfa': own(200, { path: '' }),
  'POST /api/auth/mfa/totp': own(200, { path: '/totp', json: {} }),
  'POST /api/auth/mfa/totp/confirm': guarded(200, { scope: 'never' }, async (siege, team) => {
    const owner = await freshCustomer(siege, team)
    const { body } = await siege.as(owner, { path: '/api/auth/mfa/totp', json: {} })
    const code = totpCode(body.secret, siege.app.get(Clock).now().getTime())
    return { owner, call: { path: '/api/auth/mfa/totp/confirm', json: { code } } }
  }),
  'DELETE /api/auth/mfa/totp': own(204, { path: '/totp', method: 'DELETE' }, 'app'),
  'POST /api/auth/mfa/recovery-codes': own(200, { path: '/recovery-codes', method: 'POST' }, 'app'),
  'POST /api/auth/mfa/step-up': guarded(200, { scope: 'never' }, async (siege, team) => {
    const owner = await freshCustomer(siege, team)
    const { recoveryCodes } = await siege.enrol(owner)
    return { owner, call: { path: '/api/auth/mfa/step-up', json: { recoveryCode: recoveryCodes[0] } } }
  }),
  'POST /api/auth/mfa/step-up/options': own(200, { path: '/step-up/options', method: 'POST' }, 'passkey'),
  'POST /api/auth/mfa/passkeys/options': own(200, { path: '/passkeys/options', method: 'POST' }),
  'POST /api/auth/mfa/passkeys': guarded(201, { scope: 'never', isUsedUp: true }, async (siege, team) => {
    const owner = await freshCustomer(siege, team)
    const passkey = new SoftAuthenticator('http://localhost').create(await siege.passkeyOptions(owner))
    return { owner, call: { path: '/api/auth/mfa/passkeys', json: { name: 'Key', passkey } } }
  }),
  'PATCH /api/auth/mfa/passkeys/:id': guarded(
    204,
    { scope: 'never', isNamed: true, refused: EVERYBODY },
    byPasskey({ method: 'PATCH', json: { name: 'Another' } }),
  ),
  'DELETE /api/auth/mfa/passkeys/:id': guarded(
    204,
    { scope: 'never', isNamed: true, refused: EVERYBODY },
    byPasskey({ method: 'DELETE' }),
  ),
  'DELETE /api/auth/mfa/devices': own(204, { path: '/devices', method: 'DELETE' }),
  'DELETE /api/auth/mfa/devices/:id': guarded(
    204,
    { scope: 'never', isNamed: true, refused: EVERYBODY },
    async (siege, team) => {
      const owner = await freshCustomer(siege, team)
      await siege.enrol(owner)
      await siege.session(owner, { rememberDevice: true })
      const { body } = expecting(200, await siege.as(owner, { path: '/api/auth/mfa' }))
      const { id } = body.rememberedDevices[0]
      return { owner, call: { path: `/api/auth/mfa/devices/${id}`, method: 'DELETE' } }
    },
  ),
  'GET /api/auth/oidc/identities': guarded(200, { scope: 'never', isOfBrowsers: true }, async (siege, team) => {
    const { owner, id } = await linked(siege, team)
    return { owner, call: { path: '/api/auth/oidc/identities' }, secrets: [id] }
  }),
  'POST /api/auth/oidc/identities/:id/unlink': guarded(
    204,
    { scope: 'never', isOfBrowsers: true },
    async (siege, team) => {
      const { owner, id } = await linked(siege, team)
      return { owner, call: { path: `/api/auth/oidc/identities/${id}/unlink`, json: { password: PASSWORD } } }
    },
  ),
  // The password is right, and this desk knows no issuer.
  'POST /api/auth/oidc/:issuer/link': guarded(404, { scope: 'never', isOfBrowsers: true }, async (siege, team) => {
    const owner = await freshCustomer(siege, team)
    return { owner, call: { path: '/api/auth/oidc/acme/link', json: { password: PASSWORD } } }
  }),

  'GET /api/me': guarded(200, { scope: 'none', blind: EVERYBODY }, async (siege, team) => {
    const owner = await freshCustomer(siege, team)
    return { owner, call: { path: '/api/me' }, secrets: [owner.email, owner.id] }
  }),
  'GET /api/organisation': guarded(200, { scope: 'none' }, async (_siege, team) => {
    return { owner: team.customer, call: { path: '/api/organisation' }, secrets: [team.id] }
  }),
  'GET /api/users': guarded(
    200,
    { scope: 'members:manage', refused: ['agent', 'customer', 'colleague'] },
    async (_siege, team) => {
      return { owner: team.admin, call: { path: '/api/users' }, secrets: [team.admin.email, team.customer.email] }
    },
  ),
  'GET /api/invitations': guarded(
    200,
    { scope: 'members:manage', refused: ['agent', 'customer', 'colleague'] },
    async (siege, team) => {
      const { id, email } = await invited(siege, team)
      return { owner: team.admin, call: { path: '/api/invitations' }, secrets: [id, email] }
    },
  ),
  'POST /api/invitations': guarded(
    201,
    { scope: 'members:manage', refused: ['agent', 'customer', 'colleague'] },
    async (siege, team) => {
      const { email } = await freshCustomer(siege, team)
      const secrets = [`"organisationId":"${team.id}"`]
      return { owner: team.admin, call: { path: '/api/invitations', json: invitation(`invited.${email}`) }, secrets }
    },
  ),
  'DELETE /api/invitations/:id': guarded(
    204,
    { scope: 'members:manage', isNamed: true, refused: ['agent', 'customer', 'colleague'] },
    async (siege, team) => {
      const { id, email } = await invited(siege, team)
      return {
        owner: team.admin,
        call: { method: 'DELETE', path: `/api/invitations/${id}` },
        secrets: [email],
      }
    },
  ),
  'PATCH /api/users/:id': guarded(
    200,
    { scope: 'members:manage', isNamed: true, refused: ['agent', 'customer', 'colleague'] },
    byMember({ method: 'PATCH', json: { role: 'agent' } }),
  ),
  'DELETE /api/users/:id': guarded(
    204,
    { scope: 'members:manage', isNamed: true, refused: ['agent', 'customer', 'colleague'] },
    byMember({ method: 'DELETE' }),
  ),

  'GET /api/api-keys': guarded(200, { scope: 'never', blind: ['admin', 'agent', 'colleague'] }, async (siege, team) => {
    const { id } = await siege.apiKey(team.customer, ['tickets:read'])
    return { owner: team.customer, call: { path: '/api/api-keys' }, secrets: [id, team.customer.name] }
  }),
  'POST /api/api-keys': guarded(201, { scope: 'never' }, async (_siege, team) => {
    return { owner: team.customer, call: { path: '/api/api-keys', json: { name: 'x', scopes: ['tickets:read'] } } }
  }),
  'POST /api/api-keys/:id/rotation': guarded(
    201,
    { scope: 'never', isNamed: true, refused: ['admin', 'agent', 'colleague'] },
    byKey('/rotation', 'POST'),
  ),
  'DELETE /api/api-keys/:id': guarded(
    204,
    { scope: 'never', isNamed: true, refused: ['admin', 'agent', 'colleague'] },
    byKey('', 'DELETE'),
  ),

  'GET /api/tickets': guarded(200, { scope: 'tickets:read', blind: ['colleague'] }, async (siege, team) => {
    const { subject } = await siege.ticket(team.customer)
    return { owner: team.customer, call: { path: '/api/tickets?size=100' }, secrets: [subject, team.customer.id] }
  }),
  'POST /api/tickets': guarded(201, { scope: 'tickets:write' }, async (_siege, team) => {
    const json = { subject: 'Hello', description: 'Is anybody there?' }
    return { owner: team.customer, call: { path: '/api/tickets', json } }
  }),
  'GET /api/tickets/:id': guarded(
    200,
    { scope: 'tickets:read', isNamed: true, refused: ['colleague'] },
    byTicket('', {}, 'customer'),
  ),
  'PATCH /api/tickets/:id': guarded(
    200,
    { scope: 'tickets:work', isNamed: true, refused: ['customer', 'colleague'] },
    byTicket('', { method: 'PATCH', json: { priority: 'urgent' } }, 'agent'),
  ),
  'POST /api/tickets/:id/transitions': guarded(
    200,
    { scope: 'tickets:work', isNamed: true, refused: ['customer', 'colleague'] },
    byTicket('/transitions', { json: { state: 'pending' } }, 'agent'),
  ),
  'POST /api/tickets/:id/close': guarded(
    200,
    { scope: 'tickets:work', isNamed: true, refused: ['customer', 'colleague'] },
    byTicket('/close', { method: 'POST', headers: { 'x-api-version': '1' } }, 'agent'),
  ),
  'GET /api/tickets/:id/history': guarded(
    200,
    { scope: 'tickets:work', isNamed: true, refused: ['customer', 'colleague'] },
    byTicket('/history', {}, 'agent'),
  ),
  'GET /api/tickets/:id/comments': guarded(
    200,
    { scope: 'tickets:read', isNamed: true, refused: ['colleague'] },
    byTicket('/comments', {}, 'customer'),
  ),
  'POST /api/tickets/:id/comments': guarded(
    201,
    { scope: 'tickets:write', isNamed: true, refused: ['colleague'] },
    byTicket('/comments', { json: { body: 'Hello?' } }, 'customer'),
  ),

  'GET /observe/log-level': guarded(
    200,
    { scope: 'never', isNamed: true, refused: EVERYBODY },
    byOperator({ path: '/observe/log-level' }),
  ),
  'PUT /observe/log-level': guarded(
    409,
    { scope: 'never', isNamed: true, refused: EVERYBODY },
    byOperator({ path: '/observe/log-level', method: 'PUT', json: { level: 'info' } }),
  ),
  'POST /observe/profile': guarded(
    200,
    { scope: 'never', isNamed: true, refused: EVERYBODY },
    byOperator({ path: '/observe/profile?seconds=0.1', method: 'POST' }),
  ),
}

export const OPEN = Object.entries(ROUTES).filter((each): each is [string, Open] => 'open' in each[1])

export function invitation(email: string): object {
  return { email, name: 'Somebody', role: 'customer' }
}

async function invited(siege: Siege, team: Team): Promise<{ readonly id: string; readonly email: string }> {
  const { email: taken } = await freshCustomer(siege, team)
  const email = `invited.${taken}`
  return { id: await siege.invite(team.admin, email), email }
}

async function sessionOf(siege: Siege, owner: Person): Promise<string> {
  await siege.session(owner)
  const { body } = await siege.as(owner, { path: '/api/auth/sessions' })
  return body[0].id as string
}
