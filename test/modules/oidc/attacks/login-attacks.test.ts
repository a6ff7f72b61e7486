/** What attackers try at the callback. Each attack stands beside the login that works. */
import { SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'

import { FakeClock } from 'tenon/testing'
import { ForbiddenException, Injectable, Module, type AuthenticationFactor } from 'tenon'
import { AccountStore, LoginGate } from 'tenon/auth'
import type { OidcIssuer } from 'tenon/oidc'

import { openDesk, openTown, problemOf, type Desk, type DeskSettings } from '../desk.ts'
import { forgedIssuer, type ForgedIssuer } from '../forged-issuer.ts'
import { freePort } from '../free-port.ts'
import { Surfer, type Page } from '../surfer.ts'

const ADA = { sub: 'ada-at-acme', email: 'ada@example.org', email_verified: true }
const isCallback = (location: URL): boolean => location.pathname.endsWith('/callback')

/** Goes as far as the way back from the issuer, and answers the address that ends the login. */
async function almost(surfer: Surfer, desk: Desk, query = ''): Promise<URL> {
  return (await surfer.open(`${desk.url}/auth/oidc/acme/login${query}`, { until: isCallback })).location!
}

const outcome = (page: Page): readonly unknown[] => [
  page.status,
  page.status >= 400 ? problemOf(page) : page.location?.pathname,
]
const LOGGED_IN = [303, '/']
const NOT_BEGUN = [400, 'OIDC_ATTEMPT_INVALID']
const REFUSED = [401, 'OIDC_LOGIN_REFUSED']

const withQuery = (url: URL, changes: Readonly<Record<string, string | undefined>>): URL => {
  const changed = new URL(url)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) changed.searchParams.delete(name)
    else changed.searchParams.set(name, value)
  }
  return changed
}

describe('The answer to the browser', () => {
  it('counts with its own state alone: missing, foreign, doubled and made up ones are refused', async () => {
    await using town = await openTown(ADA)
    const { desk } = town
    const attempt = async (change: (url: URL, other: URL) => URL) => {
      const surfer = new Surfer()
      const other = await almost(new Surfer(), desk)
      return outcome(await surfer.peek(change(await almost(surfer, desk), other)))
    }
    expect(await attempt((url) => url)).toEqual(LOGGED_IN)
    expect(await attempt((url) => withQuery(url, { state: undefined }))).toEqual(NOT_BEGUN)
    expect(await attempt((url, other) => withQuery(url, { state: other.searchParams.get('state')! }))).toEqual(
      NOT_BEGUN,
    )
    expect(await attempt((url) => withQuery(url, { state: 'made-up' }))).toEqual(NOT_BEGUN)
    expect(await attempt((url) => new URL(`${url.href}&state=another`))).toEqual(NOT_BEGUN)
  })

  it('login CSRF: an answer that another browser has asked for logs nobody in', async () => {
    await using town = await openTown(ADA)
    const { desk } = town
    const eve = new Surfer()
    const answer = await almost(eve, desk)
    const victim = new Surfer()
    expect(outcome(await victim.peek(answer))).toEqual(NOT_BEGUN)
    await almost(victim, desk)
    expect(outcome(await victim.peek(answer))).toEqual(NOT_BEGUN)
    expect(outcome(await eve.peek(answer))).toEqual(LOGGED_IN)
  })

  it('counts once, even if the browser has kept its cookie', async () => {
    await using town = await openTown(ADA)
    const { desk } = town
    const surfer = new Surfer()
    const answer = await almost(surfer, desk)
    const cookie = surfer.cookie('localhost', 'oidc-attempt')!
    expect(outcome(await surfer.peek(answer))).toEqual(LOGGED_IN)
    expect(outcome(await surfer.peek(answer))).toEqual(NOT_BEGUN)
    surfer.setCookie('localhost', 'oidc-attempt', cookie)
    expect(outcome(await surfer.peek(answer))).toEqual(NOT_BEGUN)
  })

  it('counts for ten minutes', async () => {
    const clock = new FakeClock(new Date())
    await using town = await openTown(ADA, {}, { clock })
    const { desk } = town
    const [early, late] = [new Surfer(), new Surfer()]
    const [inTime, tooLate] = [await almost(early, desk), await almost(late, desk)]
    await clock.advance(9 * 60_000)
    expect(outcome(await early.peek(inTime))).toEqual(LOGGED_IN)
    await clock.advance(61_000)
    expect(outcome(await late.peek(tooLate))).toEqual(NOT_BEGUN)
  })

  it('a cookie that was changed, shortened or made up is none', async () => {
    await using town = await openTown(ADA)
    const { desk } = town
    const attempt = async (change: (cookie: string) => string) => {
      const surfer = new Surfer()
      const answer = await almost(surfer, desk)
      surfer.setCookie('localhost', 'oidc-attempt', change(surfer.cookie('localhost', 'oidc-attempt')!))
      return outcome(await surfer.peek(answer))
    }
    expect(await attempt((cookie) => cookie)).toEqual(LOGGED_IN)
    expect(await attempt((cookie) => cookie.slice(0, -2))).toEqual(NOT_BEGUN)
    expect(await attempt((cookie) => (cookie.startsWith('A') ? 'B' : 'A') + cookie.slice(1))).toEqual(NOT_BEGUN)
    expect(await attempt(() => Buffer.from('{"state":"x"}').toString('base64url'))).toEqual(NOT_BEGUN)
  })

  it('code injection: a stolen code of another login is worth nothing', async () => {
    await using town = await openTown(ADA)
    const { desk } = town
    const stolen = (await almost(new Surfer(), desk)).searchParams.get('code')!
    const eve = new Surfer()
    const own = await almost(eve, desk)
    expect(outcome(await eve.peek(withQuery(own, { code: stolen })))).toEqual(REFUSED)
    const again = new Surfer()
    expect(outcome(await again.peek(await almost(again, desk)))).toEqual(LOGGED_IN)
  })

  it('mix-up: an answer that names another issuer, or none where it must, is refused', async () => {
    await using town = await openTown(ADA)
    const { desk } = town
    const attempt = async (iss: string | undefined) => {
      const surfer = new Surfer()
      return outcome(await surfer.peek(withQuery(await almost(surfer, desk), { iss })))
    }
    expect(await attempt(town.idp.issuer)).toEqual(LOGGED_IN)
    expect(await attempt('https://evil.example')).toEqual(REFUSED)
    expect(await attempt(undefined)).toEqual(REFUSED)
  })

  it('mix-up: an answer to the address of another issuer is refused', async () => {
    await using rig = await forge()
    const surfer = new Surfer()
    const answer = (await surfer.open(`${rig.desk.url}/auth/oidc/acme/login`, { until: isCallback })).location!
    const elsewhere = new URL(answer.href.replace('/acme/', '/other/'))
    expect(outcome(await surfer.peek(elsewhere))).toEqual(NOT_BEGUN)
    expect(rig.forged.exchanges).toHaveLength(0)
    expect(outcome(await logIn(rig.desk))).toEqual(LOGGED_IN)
  })

  it('a refusal of the issuer is a refusal, and what it says is not shown', async () => {
    await using town = await openTown(undefined)
    const surfer = new Surfer()
    const page = await surfer.peek(await almost(surfer, town.desk))
    expect(outcome(page)).toEqual(REFUSED)
    expect(page.text).not.toContain('access_denied')
    town.idp.person = ADA
    expect(outcome(await surfer.peek(await almost(surfer, town.desk)))).toEqual(LOGGED_IN)
  })

  it('session fixation: a session that somebody has planted ends, and the new one has another secret', async () => {
    await using town = await openTown(ADA)
    const { desk, idp } = town
    const eve = new Surfer()
    idp.person = { sub: 'eve', email: 'eve@example.org', email_verified: true }
    await eve.peek(await almost(eve, desk))
    const planted = eve.cookie('localhost', 'session')!
    expect((await desk.me(eve)).status).toBe(200)

    idp.person = ADA
    const victim = new Surfer()
    victim.setCookie('localhost', 'session', planted)
    await victim.peek(await almost(victim, desk))
    expect(victim.cookie('localhost', 'session')).not.toBe(planted)
    expect((await desk.me(victim)).status).toBe(200)
    expect((await desk.me(eve)).status).toBe(401)
  })

  it('nobody is led elsewhere after a login', async () => {
    await using town = await openTown(ADA, {}, { settings: { returnOrigins: ['https://app.example.org'] } })
    const { desk } = town
    const begin = async (target: string) =>
      (await new Surfer().peek(`${desk.url}/auth/oidc/acme/login?returnTo=${encodeURIComponent(target)}`)).status
    const bad = [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      '/.//evil.example',
      'javascript:alert(1)',
      'data:text/html,x',
      'https://app.example.org.evil.example',
      'https://app.example.org@evil.example',
      'https://user@app.example.org',
      'http://app.example.org',
      'evil',
      `/${'x'.repeat(1000)}`,
    ]
    for (const target of bad) expect([target, await begin(target)]).toEqual([target, 400])
    for (const target of ['/tickets?open=1#top', 'https://app.example.org/back', `${desk.url}/me`])
      expect([target, await begin(target)]).toEqual([target, 303])
    const surfer = new Surfer()
    const page = await surfer.peek(await almost(surfer, desk, '?returnTo=%2Ftickets%3Fopen%3D1%23top'))
    expect(page.headers.get('location')).toBe('/tickets?open=1#top')
  })
})

interface Rig extends AsyncDisposable {
  readonly desk: Desk
  readonly forged: ForgedIssuer
}

/** A desk whose issuers `acme` and `other` an attacker has taken over. */
async function forge(issuer: Partial<OidcIssuer> = {}, settings: Partial<DeskSettings> = {}): Promise<Rig> {
  const forged = await forgedIssuer()
  const acme: OidcIssuer = {
    name: 'acme',
    issuer: forged.issuer,
    clientId: 'desk',
    clientSecret: SECRET,
    internal: true,
    ...issuer,
  }
  const desk = await openDesk({ port: await freePort(), issuers: [acme, { ...acme, name: 'other' }], ...settings })
  return {
    desk,
    forged,
    [Symbol.asyncDispose]: async () => {
      await desk[Symbol.asyncDispose]()
      await forged[Symbol.asyncDispose]()
    },
  }
}

async function logIn(desk: Desk): Promise<Page> {
  const surfer = new Surfer()
  return surfer.peek(await almost(surfer, desk))
}

describe('The ID token', () => {
  const now = Math.floor(Date.now() / 1000)
  const attacks: readonly (readonly [string, (forged: ForgedIssuer) => void])[] = [
    ['for somebody else', (forged) => (forged.claims = { aud: 'another' })],
    [
      'for several, and asked for by another',
      (forged) => (forged.claims = { aud: ['desk', 'another'], azp: 'another' }),
    ],
    ['of another issuer', (forged) => (forged.claims = { iss: 'https://id.example' })],
    ['without signature', (forged) => (forged.token = (claims) => new UnsecuredJWT(claims).encode())],
    ['signed by another key', (forged) => (forged.token = async (claims) => await forgedSignature(claims))],
    ['changed after it was signed', (forged) => (forged.token = async (claims) => changed(await forged.sign(claims)))],
    ['signed with our own secret', (forged) => (forged.token = (claims) => symmetric(claims))],
    ['that has expired', (forged) => (forged.claims = { exp: now - 3600, iat: now - 7200 })],
    ['of the future', (forged) => (forged.claims = { nbf: now + 3600 })],
    ['with the nonce of another login', (forged) => (forged.claims = { nonce: 'of-another-login' })],
    ['without nonce', (forged) => (forged.claims = { nonce: undefined })],
    ['without subject', (forged) => (forged.claims = { sub: undefined })],
    ['that is none', (forged) => (forged.token = () => 'a.b.c')],
    ['that is missing', (forged) => (forged.token = () => undefined as never)],
  ]
  it.each(attacks)('%s is refused', async (_name, attack) => {
    await using rig = await forge()
    expect(outcome(await logIn(rig.desk))).toEqual(LOGGED_IN)
    attack(rig.forged)
    expect(outcome(await logIn(rig.desk))).toEqual(REFUSED)
    expect(rig.desk.events.at(-1)).toMatchObject({
      type: 'oidc.login',
      outcome: 'refused',
      reason: 'OIDC_LOGIN_REFUSED',
    })
  })

  it('an old login there does not count where a fresh one is asked for', async () => {
    await using rig = await forge({ maxAgeSeconds: 60 })
    rig.forged.claims = { auth_time: now }
    expect(outcome(await logIn(rig.desk))).toEqual(LOGGED_IN)
    rig.forged.claims = { auth_time: now - 3600 }
    expect(outcome(await logIn(rig.desk))).toEqual(REFUSED)
    rig.forged.claims = {}
    expect(outcome(await logIn(rig.desk))).toEqual(REFUSED)
  })

  it('every exchange carries the verifier of its own login', async () => {
    await using rig = await forge()
    await logIn(rig.desk)
    await logIn(rig.desk)
    const verifiers = rig.forged.exchanges.map((form) => form.get('code_verifier'))
    expect(verifiers.map((verifier) => verifier?.length)).toEqual([43, 43])
    expect(new Set(verifiers).size).toBe(2)
  })
})

const SECRET = 'x'.repeat(32)

function symmetric(claims: JWTPayload): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(SECRET))
}

async function forgedSignature(claims: JWTPayload): Promise<string> {
  await using other = await forgedIssuer()
  return await other.sign(claims)
}

function changed(token: string): string {
  const [header, payload, signature] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object
  return [header, Buffer.from(JSON.stringify({ ...claims, sub: 'ada' })).toString('base64url'), signature].join('.')
}

describe('The metadata of an issuer', () => {
  it.each([
    ['token_endpoint', 'http://169.254.169.254/latest/meta-data'],
    ['token_endpoint', 'http://localhost:1/token'],
    ['token_endpoint', 'http://[::1]:1/token'],
    ['jwks_uri', 'http://10.0.0.1/keys'],
  ])('is no way into our network: %s %s', async (name, address) => {
    await using rig = await forge()
    rig.forged.metadata = { [name]: address }
    expect(outcome(await logIn(rig.desk))).toEqual([502, 'OIDC_ISSUER_UNREACHABLE'])
    expect(rig.desk.events.some(({ type }) => type === 'security.fetch')).toBe(true)
    await using honest = await forge()
    expect(outcome(await logIn(honest.desk))).toEqual(LOGGED_IN)
  })

  it('an issuer that was not declared to be in our network is not asked there', async () => {
    await using rig = await forge({ internal: false })
    const page = await new Surfer().peek(`${rig.desk.url}/auth/oidc/acme/login`)
    expect(outcome(page)).toEqual([502, 'OIDC_ISSUER_UNREACHABLE'])
    expect(page.text).not.toContain('127.0.0.1')
    await using allowed = await forge({ internal: false }, { env: { SAFE_FETCH_ALLOW: '127.0.0.1' } })
    expect(outcome(await logIn(allowed.desk))).toEqual(LOGGED_IN)
  })

  it('must be of the issuer it was asked of', async () => {
    await using rig = await forge()
    rig.forged.metadata = { issuer: 'https://id.example' }
    const page = await new Surfer().peek(`${rig.desk.url}/auth/oidc/acme/login`)
    expect(outcome(page)).toEqual([502, 'OIDC_ISSUER_UNREACHABLE'])
    rig.forged.metadata = {}
    expect(outcome(await logIn(rig.desk))).toEqual(LOGGED_IN)
  })

  it('a redirect of the token endpoint is not followed: the secret stays with whom it is for', async () => {
    await using rig = await forge()
    await using thief = await forgedIssuer()
    rig.forged.metadata = {
      token_endpoint: `${rig.forged.issuer}/authorize?redirect_uri=${encodeURIComponent(`${thief.issuer}/token`)}&state=x`,
    }
    expect(outcome(await logIn(rig.desk))).toEqual(REFUSED)
    expect(thief.exchanges).toHaveLength(0)
  })
})

@Injectable()
class StrictGate extends LoginGate {
  pass(): Promise<readonly AuthenticationFactor[]> {
    return Promise.reject(new ForbiddenException('A second factor is needed.'))
  }
}

@Module({ providers: [{ provide: LoginGate, useClass: StrictGate }] })
class StrictModule {}

describe('An account', () => {
  it('with a second factor is asked for it, unless the issuer is trusted with factors', async () => {
    await using rig = await forge({}, { modules: [StrictModule] })
    const surfer = new Surfer()
    const page = await surfer.peek(await almost(surfer, rig.desk))
    expect([page.status, surfer.cookie('localhost', 'session')]).toEqual([403, undefined])
    await using trusting = await forge({ trustsFactors: true }, { modules: [StrictModule] })
    trusting.forged.claims = { amr: ['pwd', 'otp', 'A strange one', 7] }
    const trusted = new Surfer()
    await trusted.peek(await almost(trusted, trusting.desk))
    const me = JSON.parse((await trusting.desk.me(trusted)).text) as {
      authentication: { factors: { method: string }[] }
    }
    expect(me.authentication.factors.map(({ method }) => method)).toEqual(['fed', 'pwd', 'otp'])
  })

  const eve = { email: 'ada@example.org' }

  it.each<readonly [string, Partial<OidcIssuer>, JWTPayload, string]>([
    [
      'whose address the issuer has not verified',
      { authoritativeFor: ['example.org'] },
      { ...eve, email_verified: false },
      'OIDC_EMAIL_UNVERIFIED',
    ],
    [
      'whose address is verified by a text',
      { authoritativeFor: ['example.org'] },
      { ...eve, email_verified: 'true' },
      'OIDC_EMAIL_UNVERIFIED',
    ],
    ['whose domain is not the issuer’s', {}, eve, 'OIDC_LINK_NEEDED'],
    [
      'of a domain that contains the issuer’s',
      { authoritativeFor: ['org', 'le.org', 'sub.example.org'] },
      eve,
      'OIDC_LINK_NEEDED',
    ],
  ])('is not opened by somebody %s', async (_name, issuer, claims, code) => {
    await using rig = await forge(issuer)
    const ada = await rig.desk.account()
    rig.forged.claims = claims
    expect(problemOf(await logIn(rig.desk))).toBe(code)
    // The right one: the issuer gives these mailboxes out and has checked this one.
    await using right = await forge({ authoritativeFor: ['example.org'] })
    const owner = await right.desk.account()
    right.forged.claims = eve
    const surfer = new Surfer()
    await surfer.peek(await almost(surfer, right.desk))
    expect(JSON.parse((await right.desk.me(surfer)).text)).toMatchObject({ id: owner.id })
    expect(ada.email).toBe(owner.email)
  })

  it('that a stranger has prepared with a password is its owner’s alone after the first login', async () => {
    await using rig = await forge({ authoritativeFor: ['example.org'] })
    const prepared = await rig.desk.account({ verifiedAt: null, passwordHash: 'a hash of what the stranger knows' })
    rig.forged.claims = eve
    expect(outcome(await logIn(rig.desk))).toEqual(LOGGED_IN)
    const account = await rig.desk.app.get(AccountStore).findById(prepared.id)
    expect(account).toMatchObject({ passwordHash: null })
    expect(account?.verifiedAt).toBeGreaterThan(1)
  })

  it('that is closed stays closed', async () => {
    await using rig = await forge({ authoritativeFor: ['example.org'] })
    rig.forged.claims = eve
    expect(outcome(await logIn(rig.desk))).toEqual(LOGGED_IN)
    const store = rig.desk.app.get(AccountStore)
    await store.change((await store.findByEmail('ada@example.org'))!.id, { disabledAt: 1 })
    expect(outcome(await logIn(rig.desk))).toEqual([403, 'OIDC_ACCOUNT_UNKNOWN'])
  })

  it('is not made where nobody may sign up', async () => {
    await using rig = await forge({}, { env: { ACCOUNTS_SIGN_UP: 'false' } })
    expect(outcome(await logIn(rig.desk))).toEqual([403, 'OIDC_ACCOUNT_UNKNOWN'])
    await using open = await forge({ provision: true }, { env: { ACCOUNTS_SIGN_UP: 'false' } })
    expect(outcome(await logIn(open.desk))).toEqual(LOGGED_IN)
  })

  it('subjects that differ in case alone are different people', async () => {
    await using rig = await forge()
    const ids = new Set<string>()
    for (const sub of ['Eve', 'eve']) {
      rig.forged.claims = { sub, email: `${sub === 'Eve' ? 'one' : 'two'}@example.org` }
      const surfer = new Surfer()
      await surfer.peek(await almost(surfer, rig.desk))
      ids.add((JSON.parse((await rig.desk.me(surfer)).text) as { id: string }).id)
    }
    expect(ids.size).toBe(2)
  })

  it('takes no role along from one tenant into another', async () => {
    await using rig = await forge({
      tenants: { claim: 'org', tenantOf: { one: 'acme', two: 'globex' } },
    })
    const come = async (org: string) => {
      rig.forged.claims = { ...eve, org }
      expect(outcome(await logIn(rig.desk))).toEqual(LOGGED_IN)
      return (await rig.desk.app.get(AccountStore).findByEmail('ada@example.org'))!
    }
    const { id } = await come('one')
    await rig.desk.app.get(AccountStore).change(id, { roles: ['admin'] })

    expect(await come('one')).toMatchObject({ tenant: 'acme', roles: ['admin'] })
    expect(await come('two')).toMatchObject({ tenant: 'globex', roles: ['user'] })
  })

  it('claims give roles and factors by the lists of the settings alone', async () => {
    await using rig = await forge({ groups: { roles: { staff: ['agent'] } } })
    const callerWith = async (claims: object) => {
      rig.forged.claims = { ...claims }
      const surfer = new Surfer()
      await surfer.peek(await almost(surfer, rig.desk))
      return JSON.parse((await rig.desk.me(surfer)).text) as {
        roles: string[]
        authentication: { factors: { method: string }[] }
      }
    }
    const greedy = await callerWith({
      roles: ['admin'],
      groups: ['admin', 'constructor', '__proto__'],
      amr: ['hwk', 'mfa'],
    })
    expect(greedy.roles).toEqual(['user'])
    expect(greedy.authentication.factors.map(({ method }) => method)).toEqual(['fed'])
    expect((await callerWith({ groups: ['staff'] })).roles).toEqual(['user', 'agent'])
    expect((await callerWith({ groups: [] })).roles).toEqual(['user'])
  })
})
