import { PASSWORD } from './desk.ts'
import { openStreet } from './street.ts'
import { Surfer } from './surfer.ts'

describe('Being the identity provider', () => {
  it('logs people in by their account, asks them, and hands them on to the client', async () => {
    await using street = await openStreet()
    const { desk, house } = street
    await house.member()
    const surfer = new Surfer()

    const login = await surfer.open(`${desk.url}/auth/oidc/home/login?returnTo=/me`)
    expect([login.status, login.url.origin]).toEqual([200, house.url])
    expect(login.text).toContain('to continue to <strong>The Desk</strong>')
    expect(login.headers.get('content-security-policy')).toContain("default-src 'none'")

    const consent = await surfer.submit(login, { email: 'ada@example.org', password: PASSWORD })
    expect(consent.text).toContain('<li>your e-mail address</li>')
    const me = await surfer.submit(consent)
    expect([me.status, me.url.href]).toEqual([200, `${desk.url}/me`])
    expect(JSON.parse(me.text)).toMatchObject({ kind: 'user', authentication: { scheme: 'session' } })
  })
})
