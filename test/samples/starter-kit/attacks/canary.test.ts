/** Everything secret that a full walk through the starter kit uses is searched for wherever something is written. */
import { inspect } from 'node:util'

import { securityEvents, type SecurityEvent } from 'tenon'
import { AuditLog } from 'tenon/audit'
import { Database } from 'tenon/data'
import { Recorder } from 'tenon/observability'
import { acrossTenants } from 'tenon/tenancy'

import { Collector } from '../../../modules/observability/collector.ts'
import { cookiesOf, expecting, PASSWORD, Siege } from './siege.ts'
import { bearer, type Call, type Reply } from './wire.ts'

const EMAIL = 'canary@kestrel-works.example'
const OTHER_PASSWORD = 'green_Kettle_walks_9_miles'
const WRONG_PASSWORD = 'yellow-Ladder-sings-3-songs'
const OTHER_EMAIL = 'canary.too@kestrel-works.example'

/** Shorter ones are words, and stand anywhere. */
const SHORTEST = 16

describe('A full walk through the starter kit', () => {
  it('leaves no secret in logs, traces, problems, audit, history, metrics, security events, or rows', async () => {
    await using collector = new Collector()
    const events: SecurityEvent[] = []
    const stop = securityEvents.subscribe((event) => events.push(event))
    await using siege = await Siege.begin({
      DATABASE_LOG: 'true',
      LOG_LEVEL: 'debug',
      METRICS_OPEN: 'true',
      ...(await collector.variables()),
    })
    const walk = new Walk(siege)
    await walk.all()
    stop()

    await siege.app.get(AuditLog).flush()
    await siege.app.get(Recorder).flush()
    const sinks: Readonly<Record<string, string>> = {
      logs: print(siege.app.logs.lines),
      spans: print(collector.spans),
      problems: walk.problems.join('\n'),
      metrics: (await siege.send({ path: '/metrics' })).text,
      events: print(events),
      rows: await rowsOf(siege),
    }

    // Each sink was really written to, by what was really done.
    expect(sinks['logs']).toContain('SELECT')
    expect(sinks['spans']).toContain('/api/auth/token')
    expect(sinks['problems']).toContain('AUTH_LOGIN_FAILED')
    expect(sinks['metrics']).toContain('/api/tickets')
    expect(sinks['rows']).toContain('tokens.reuse')
    for (const known of ['qz-changed', OTHER_EMAIL]) expect(sinks['rows']).toContain(known)
    expect(walk.secrets.size).toBeGreaterThan(20)
    const leaks = Object.entries(sinks).flatMap(([sink, text]) =>
      [...walk.secrets].filter(([, secret]) => text.includes(secret)).map(([name]) => `${name} in ${sink}`),
    )
    expect(leaks).toEqual([])
  })
})

/** What people do with accounts, rightly and wrongly, with everything secret that comes along. */
class Walk {
  readonly secrets = new Map<string, string>()
  readonly problems: string[] = []
  readonly #siege: Siege

  constructor(siege: Siege) {
    this.#siege = siege
    this.#keep('password', PASSWORD)
    this.#keep('another password', OTHER_PASSWORD)
    this.#keep('a wrong password', WRONG_PASSWORD)
  }

  async all(): Promise<void> {
    await this.#signUp()
    await this.#tokens()
    const accessToken = await this.#secondFactors()
    await this.#browser()
    await this.#passkeys(accessToken)
    await this.#elsewhere()
    await this.#keys(accessToken)
    await this.#invitation(accessToken)
    await this.#history(accessToken)
    await this.#passwords()
  }

  async #signUp(): Promise<void> {
    const signUp = { email: EMAIL, password: PASSWORD, name: 'Canary', organisation: 'Kestrel works' }
    await this.#post('/sign-up', { ...signUp, password: [PASSWORD] })
    await this.#post('/sign-up', { ...signUp, secret: PASSWORD })
    expecting(202, await this.#post('/sign-up', signUp))
    const code = this.#keep('code of the sign-up', await this.#siege.codeFor(EMAIL))
    await this.#post('/verify', { code: `${code}x` })
    expecting(204, await this.#post('/verify', { code }))
    await this.#post('/verify', { code })
  }

  async #tokens(): Promise<void> {
    const login = { email: EMAIL, password: PASSWORD }
    await this.#post('/token', { ...login, password: WRONG_PASSWORD })
    await this.#post('/token', { email: PASSWORD, password: EMAIL })
    const first = expecting(200, await this.#post('/token', login)).body
    const second = expecting(200, await this.#post('/token/refresh', { refreshToken: first.refreshToken })).body
    const third = expecting(200, await this.#post('/token/refresh', { refreshToken: second.refreshToken })).body
    for (const [at, { accessToken, refreshToken }] of [first, second, third].entries()) {
      this.#keep(`access token ${at}`, accessToken)
      this.#keep(`signature of access token ${at}`, accessToken.split('.')[2])
      this.#keep(`refresh token ${at}`, refreshToken)
    }
    await this.#post('/token/refresh', { refreshToken: first.refreshToken })
    await this.#post('/token/refresh', { refreshToken: first.accessToken })
    await this.#send({ path: '/api/me', headers: bearer(third.accessToken) })
    await this.#send({ path: '/api/me', headers: bearer(`${first.accessToken}x`) })
    await this.#send({ path: `/api/me?access_token=${third.accessToken}` })
    await this.#send({ path: '/api/me', headers: { 'x-api-key': third.refreshToken } })
    const last = expecting(200, await this.#post('/token', login)).body
    this.#keep('the last refresh token', last.refreshToken)
    this.#keep('the last access token', last.accessToken)
  }

  /** An admin does nothing without one. */
  async #secondFactors(): Promise<string> {
    const login = { email: EMAIL, password: PASSWORD }
    const { accessToken } = expecting(200, await this.#post('/token', login)).body
    const headers = bearer(this.#keep('access token without a second factor', accessToken))
    await this.#send({ path: '/api/me', headers })
    await this.#post('/mfa/totp/confirm', { code: '000000' }, headers)
    const { secret, recoveryCodes } = await this.#siege.enrol({ accessToken, email: EMAIL })
    this.#keep('secret of the authenticator app', secret)
    for (const [at, code] of recoveryCodes.entries()) this.#keep(`recovery code ${at}`, code)
    const { ticket } = (await this.#post('/token', login)).body
    this.#keep('ticket', ticket)
    await this.#post('/mfa/token', { ticket, code: '000000' })
    await this.#post('/mfa/token', { ticket, recoveryCode: `${recoveryCodes[0]}x` })
    const done = expecting(200, await this.#post('/mfa/token', { ticket, recoveryCode: recoveryCodes[0] })).body
    await this.#post('/mfa/token', { ticket, recoveryCode: recoveryCodes[1] })
    const strong = bearer(this.#keep('access token with a second factor', done.accessToken))
    await this.#post('/mfa/step-up', { recoveryCode: recoveryCodes[0] }, strong)
    expecting(200, await this.#send({ path: '/api/me', headers: strong }))
    return done.accessToken
  }

  async #passkeys(accessToken: string): Promise<void> {
    const owner = { accessToken, email: EMAIL }
    const options = await this.#siege.passkeyOptions(owner)
    const challenge = this.#keep('challenge of a passkey', options.challenge)
    await this.#post('/mfa/passkeys', { name: 'Key', passkey: { id: challenge } }, bearer(accessToken))
    await this.#post('/mfa/passkey/token', { passkey: { id: challenge, rawId: challenge } })
    await this.#siege.passkey(owner)
    const { body } = await this.#post('/mfa/passkey/options', {})
    this.#keep('challenge for anybody', body.challenge)
  }

  /** Nobody is there to log in with, and nothing that is brought along is repeated. */
  async #elsewhere(): Promise<void> {
    const code = this.#keep('code of another issuer', 'qz-code-of-an-issuer-that-nobody-knows')
    const state = this.#keep('state of another issuer', 'qz-state-of-an-issuer-that-nobody-knows')
    await this.#send({ path: `/api/auth/oidc/sso/callback?code=${code}&state=${state}` })
    await this.#send({ path: `/api/auth/oidc/sso/login?returnTo=/` })
  }

  async #browser(): Promise<void> {
    const before = await this.#send({ path: '/api/auth/csrf' })
    const login = await this.#send({
      path: '/api/auth/login',
      json: { email: EMAIL, password: PASSWORD },
      headers: this.#siege.browser({ cookie: cookiesOf(before), csrfToken: before.body.csrfToken }),
    })
    this.#keep('ticket of a browser', expecting(401, login).body.ticket)
    const session = await this.#siege.session({ email: EMAIL })
    this.#keep('session', /session=([^;]+)/.exec(session.cookie)?.[1])
    this.#keep('CSRF token before', before.body.csrfToken)
    this.#keep('CSRF token', session.csrfToken)
    const headers = this.#siege.browser(session)
    await this.#send({ path: '/api/api-keys', json: {}, headers })
    await this.#send({ path: '/api/api-keys', json: {}, headers: { ...headers, origin: 'https://evil.example' } })
    await this.#send({ path: '/api/api-keys', json: {}, headers: { ...headers, 'sec-fetch-site': 'cross-site' } })
    await this.#send({ path: '/api/auth/logout', method: 'POST', headers })
    await this.#send({ path: '/api/me', headers })
  }

  async #keys(accessToken: string): Promise<void> {
    const headers = bearer(accessToken)
    const json = { name: 'Canary', scopes: ['tickets:read'] }
    const made = expecting(201, await this.#send({ path: '/api/api-keys', json, headers })).body
    const path = `/api/api-keys/${made.key.id}`
    const next = expecting(201, await this.#send({ path: `${path}/rotation`, method: 'POST', headers })).body
    this.#keep('API key', made.secret)
    this.#keep('next API key', next.secret)
    await this.#send({ path: '/api/tickets', headers: { 'x-api-key': next.secret } })
    await this.#send({ path: '/api/users', headers: { 'x-api-key': next.secret } })
    await this.#send({ path: '/api/tickets', headers: { 'x-api-key': `${next.secret}x` } })
    await this.#send({ path: '/api/tickets', headers: bearer(made.secret) })
    await this.#send({ path: path, method: 'DELETE', headers })
    await this.#send({ path: '/api/tickets', headers: { 'x-api-key': made.secret } })
  }

  async #invitation(accessToken: string): Promise<void> {
    const json = { email: OTHER_EMAIL, name: 'Another', role: 'customer' }
    expecting(201, await this.#send({ path: '/api/invitations', json, headers: bearer(accessToken) }))
    const code = this.#keep('code of the invitation', await this.#siege.codeFor(OTHER_EMAIL))
    await this.#post('/invitation/accept', { code, password: 'short' })
    await this.#post('/invitation/join', { code }, bearer(accessToken))
    expecting(200, await this.#post('/invitation', { code }))
    expecting(204, await this.#post('/invitation/accept', { code, password: OTHER_PASSWORD }))
    await this.#post('/invitation/accept', { code, password: WRONG_PASSWORD })
    await this.#post('/invitation', { code })
  }

  async #history(accessToken: string): Promise<void> {
    const headers = bearer(accessToken)
    const json = { subject: 'Canary', description: 'It sings.' }
    const { id } = expecting(201, await this.#send({ path: '/api/tickets', json, headers })).body
    const changes = { subject: 'qz-changed', internalNotes: 'Feed it.' }
    expecting(200, await this.#send({ path: `/api/tickets/${id}`, method: 'PATCH', json: changes, headers }))
    await this.#send({ path: `/api/tickets/${id}/history`, headers })
    await this.#send({ path: `/api/tickets/${id}`, method: 'PATCH', json: { passwordHash: PASSWORD }, headers })
  }

  async #passwords(): Promise<void> {
    expecting(202, await this.#post('/password/forgot', { email: EMAIL }))
    const code = this.#keep('code of the reset', await this.#siege.codeFor(EMAIL))
    expecting(204, await this.#post('/password/reset', { code, password: OTHER_PASSWORD }))
    const { accessToken } = await this.#siege.tokens(EMAIL, OTHER_PASSWORD)
    const headers = bearer(this.#keep('access token after the reset', accessToken))
    await this.#post('/password/change', { password: WRONG_PASSWORD, newPassword: PASSWORD }, headers)
    await this.#post('/email', { password: WRONG_PASSWORD, newEmail: 'moved@kestrel-works.example' }, headers)
    const move = { password: OTHER_PASSWORD, newEmail: 'moved@kestrel-works.example' }
    expecting(202, await this.#post('/email', move, headers))
    const confirmation = this.#keep('code of the new address', await this.#siege.codeFor(move.newEmail))
    expecting(204, await this.#post('/email/confirm', { code: confirmation }))
    await this.#post('/email/confirm', { code: confirmation })
  }

  #post(path: string, json: object, headers: Call['headers'] = {}): Promise<Reply> {
    return this.#send({ path: `/api/auth${path}`, json, headers })
  }

  async #send(call: Call): Promise<Reply> {
    const reply = await this.#siege.send(call)
    if (reply.status >= 400) this.problems.push(withoutTicket(reply), JSON.stringify(reply.headers))
    return reply
  }

  #keep(name: string, secret: string | undefined): string {
    if (secret === undefined || secret.length < SHORTEST) throw new Error(`There is no ${name}.`)
    this.secrets.set(name, secret)
    return secret
  }
}

/** The one problem that hands something out: to whoever has the right password, and to no cache. */
function withoutTicket({ text, body, headers }: Reply): string {
  if (body?.code !== 'MFA_REQUIRED') return text
  expect(headers['cache-control']).toBe('no-store')
  return text.replace(body.ticket, '')
}

/** Errors too, with their causes and stacks. */
function print(value: unknown): string {
  return inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null, breakLength: Infinity })
}

async function rowsOf(siege: Siege): Promise<string> {
  const { source } = siege.app.get(Database)
  return acrossTenants('canaries are looked for', async () => {
    const tables = (await source.query("SELECT name FROM sqlite_master WHERE type = 'table'")) as { name: string }[]
    const rows: unknown[] = []
    for (const { name } of tables) rows.push(name, await source.query(`SELECT * FROM "${name}"`))
    return print(rows)
  })
}
