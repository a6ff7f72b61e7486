import { AuditLog, AuditVerifier } from 'tenon/audit'

import { Desk } from './desk.ts'

describe('Protection of the service desk', () => {
  it('sends headers that browsers keep to, with problems too', async () => {
    await using desk = await Desk.open()

    for (const path of ['/', '/api/tickets', '/nothing']) {
      const { headers } = await desk.app.request(path)
      expect(headers.get('content-security-policy')).toContain("script-src 'self'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
    }
  })

  it('lets pages of other origins read nothing, unless one is named', async () => {
    const allowed = async (environment: Record<string, string>) => {
      await using desk = await Desk.open((builder) => builder.env(environment))
      const answer = await desk.app.request('/api/tickets', { headers: { origin: 'https://app.example' } })
      return answer.headers.get('access-control-allow-origin')
    }

    expect(await allowed({})).toBeNull()
    expect(await allowed({ CORS_ORIGINS: 'https://app.example' })).toBe('https://app.example')
    expect(await allowed({ CORS_ORIGINS: 'https://other.example' })).toBeNull()
  })

  it('slows down who guesses passwords', async () => {
    await using desk = await Desk.open()
    const guess = () => desk.app.request('/api/auth/token', { json: { email: 'ada@acme.example', password: 'guess' } })

    const statuses: number[] = []
    for (let tries = 0; tries < 7; tries += 1) statuses.push((await guess()).status)

    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401])
    expect(statuses).toContain(429)
  })

  it('limits sign-ups of an address, and says how many are left', async () => {
    await using desk = await Desk.open()
    const signUp = (email: string) => desk.app.request('/api/auth/sign-up', { json: { email } })

    const first = await signUp('one@acme.example')
    const answers = await Promise.all(Array.from({ length: 25 }, () => signUp('one@acme.example')))

    expect(first.headers.get('ratelimit')).toContain('"all"')
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400, 429]))
  })

  it('keeps an audit log of logins and refusals that shows when it is touched', async () => {
    await using desk = await Desk.open()
    const { customer } = await desk.team('acme')
    await desk.app.request('/api/auth/token', { json: { email: customer.email, password: 'wrong' } })
    await customer.app.request('/api/users')
    await desk.app.get(AuditLog).flush()

    const { isIntact, entries } = await desk.app.get(AuditVerifier).verify()

    expect(isIntact).toBe(true)
    expect(entries).toBeGreaterThanOrEqual(3)
  })
})
