/** Somebody with a second factor is logged in by an issuer alone no further than by a password alone. */
import { AccountStore } from 'tenon/auth'
import { MfaModule } from 'tenon/mfa'
import { Secret, TOTP } from 'otpauth'

import { openTown, PASSWORD, type Desk, type DeskSettings } from './desk.ts'
import { openHouse } from './house.ts'
import { authorizeUrl, isBack, WIKI } from './relying-party.ts'
import { Surfer, type Page } from './surfer.ts'

const EMAIL = 'ada@example.org'
const ADA = { sub: 'ada', email: EMAIL, email_verified: true }
const ISSUER = { authoritativeFor: ['example.org'], scope: 'openid email' }

interface Site {
  readonly app: Desk['app']
  readonly url: string
}

const parse = (page: Page) => JSON.parse(page.text) as Record<string, any>
const isSecondFactor = (location: URL): boolean => location.pathname === '/auth/mfa/second-factor'

/** An authenticator app for somebody who has logged in; @returns a code that was not used yet. */
async function enrol({ url }: Site, surfer: Surfer): Promise<() => string> {
  surfer.csrfToken = parse(await surfer.open(`${url}/auth/csrf`))['csrfToken']
  const { secret } = parse(await surfer.open(`${url}/auth/mfa/totp`, { json: {} })) as { secret: string }
  const code = (steps: number) =>
    TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: Date.now() + steps * 30_000 })
  const confirmed = await surfer.open(`${url}/auth/mfa/totp/confirm`, { json: { code: code(-1) } })
  if (confirmed.status !== 200) throw new Error(confirmed.text)
  let used = -1
  return () => code((used += 1))
}

/** What the page of the second factor does. */
async function finish({ url }: Site, surfer: Surfer, fragment: string, code: string): Promise<Page> {
  const ticket = new URLSearchParams(fragment.slice(1)).get('ticket')
  surfer.csrfToken = parse(await surfer.open(`${url}/auth/csrf`))['csrfToken']
  return surfer.open(`${url}/auth/mfa/login`, { json: { ticket, code } })
}

/** Ada, who has an authenticator app, comes by her issuer as far as she gets with a password of nobody. */
async function town(settings: Partial<DeskSettings> = {}, issuer: object = ISSUER) {
  const rig = await openTown(ADA, issuer, { modules: [MfaModule], ...settings })
  const first = new Surfer()
  await first.open(`${rig.desk.url}/auth/oidc/acme/login?returnTo=/me`)
  const nextCode = await enrol(rig.desk, first)
  const come = (surfer: Surfer, until = isSecondFactor, returnTo = '/me') =>
    surfer.open(`${rig.desk.url}/auth/oidc/acme/login?returnTo=${encodeURIComponent(returnTo)}`, { until })
  return { ...rig, nextCode, come, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() }
}

describe('A login with an issuer, of somebody with a second factor', () => {
  it('leads to a page that asks for it, and there is no login before', async () => {
    await using rig = await town()
    const surfer = new Surfer()

    const back = await rig.come(surfer)

    expect(back.status).toBe(303)
    expect(new URLSearchParams(back.location!.hash.slice(1)).get('methods')).toBe('otp,recovery')
    expect((await rig.desk.me(surfer)).status).toBe(401)
    expect(surfer.cookie('localhost', 'session')).toBeUndefined()
    const page = await surfer.open(`${rig.desk.url}/auth/mfa/second-factor`)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const [, nonce] = /script-src 'nonce-([^']+)'/.exec(page.headers.get('content-security-policy') ?? '') ?? []
    expect(page.text).toContain(`<script nonce="${nonce}">`)

    const wrong = await finish(rig.desk, surfer, back.location!.hash, '000000')
    expect([wrong.status, (await rig.desk.me(surfer)).status]).toEqual([403, 401])
    const finished = await finish(rig.desk, surfer, back.location!.hash, rig.nextCode())
    expect(parse(finished)).toMatchObject({ returnTo: '/me', account: { email: EMAIL } })
    const { authentication } = parse(await rig.desk.me(surfer))
    expect(authentication.factors.map(({ method }: { method: string }) => method)).toEqual(['fed', 'otp'])
    surfer.csrfToken = parse(finished)['csrfToken']
    const out = parse(await surfer.open(`${rig.desk.url}/auth/oidc/logout`, { method: 'POST' }))
    expect(out['location']).toContain(rig.idp.issuer)
  })

  it('is complete once, by the ticket of this login alone', async () => {
    await using rig = await town()
    const [mine, other] = [await rig.come(new Surfer()), await rig.come(new Surfer())]
    const surfer = new Surfer()

    expect((await finish(rig.desk, surfer, mine.location!.hash, rig.nextCode())).status).toBe(200)

    const again = new Surfer()
    expect((await finish(rig.desk, again, mine.location!.hash, rig.nextCode())).status).toBe(401)
    expect((await finish(rig.desk, again, '#ticket=made-up', '123456')).status).toBe(401)
    expect((await rig.desk.me(again)).status).toBe(401)
    expect(other.location!.hash).not.toBe(mine.location!.hash)
  })

  it('goes where its beginning has said, whatever the page is told', async () => {
    await using rig = await town({ env: { OIDC_RETURN_ORIGINS: 'https://app.example' } })
    const surfer = new Surfer()
    const back = await rig.come(surfer, isSecondFactor, 'https://app.example/desk')

    expect(back.location!.hash).not.toContain('app.example')
    const forged = `${back.location!.hash}&returnTo=https://evil.example`
    expect(parse(await finish(rig.desk, surfer, forged, rig.nextCode()))).toMatchObject({
      returnTo: 'https://app.example/desk',
    })
    const refused = await new Surfer().open(`${rig.desk.url}/auth/oidc/acme/login?returnTo=//evil.example`)
    expect(refused.status).toBe(400)
  })

  it('leads to a page of the application where there is one, and the ready one is gone', async () => {
    await using rig = await town({ env: { MFA_LOGIN_PATH: '/second-factor' } })

    const back = await rig.come(new Surfer(), ({ pathname }) => pathname === '/second-factor')

    expect(back.location!.hash).toContain('ticket=')
    expect((await new Surfer().open(`${rig.desk.url}/auth/mfa/second-factor`)).status).toBe(404)
  })

  it('is not asked for it by an issuer that is trusted with factors', async () => {
    await using rig = await town({}, { ...ISSUER, trustsFactors: true })
    const surfer = new Surfer()

    await rig.come(surfer, () => false)

    expect((await rig.desk.me(surfer)).status).toBe(200)
  })

  it('ends with the account', async () => {
    await using rig = await town()
    const surfer = new Surfer()
    const back = await rig.come(surfer)
    const store = rig.desk.app.get(AccountStore)
    await store.change((await store.findByEmail(EMAIL))!.id, { disabledAt: 1 })

    expect((await finish(rig.desk, surfer, back.location!.hash, rig.nextCode())).status).toBe(401)
  })
})

describe('A login at the own identity provider, of somebody with a second factor', () => {
  it('goes through the page that asks for it, and on to the client', async () => {
    await using house = await openHouse({
      settings: { clients: [{ ...WIKI, firstParty: true }] },
      modules: [MfaModule],
    })
    await house.member()
    const owner = new Surfer()
    owner.csrfToken = parse(await owner.open(`${house.url}/auth/csrf`))['csrfToken']
    await owner.open(`${house.url}/auth/login`, { json: { email: EMAIL, password: PASSWORD } })
    const nextCode = await enrol(house, owner)
    const surfer = new Surfer()

    const login = await surfer.open(authorizeUrl(house))
    const asked = await surfer.submit(login, { email: EMAIL, password: PASSWORD }, { until: isSecondFactor })
    expect([asked.status, asked.location?.pathname]).toEqual([303, '/auth/mfa/second-factor'])
    expect((await surfer.open(`${house.url}/me`)).status).toBe(401)
    const finished = parse(await finish(house, surfer, asked.location!.hash, nextCode()))
    const back = await surfer.open(new URL(finished['returnTo'], house.url), { until: isBack })

    expect(back.location?.searchParams.get('code')).toEqual(expect.any(String))
  })
})
