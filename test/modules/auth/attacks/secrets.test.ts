/** Canaries: what must be seen by nobody but whom it is for is searched for wherever something is written. */
import { accountsApp, EMAIL, OTHER_PASSWORD, PASSWORD } from '../accounts/accounts-app.ts'

const EVIL = 'https://evil.example'

describe('Secrets of accounts', () => {
  it('are in no log, no problem and no security event, whatever goes right or wrong', async () => {
    await using desk = await accountsApp({ env: { DATABASE_LOG: 'true' } })
    const secrets = new Set<string>([PASSWORD, OTHER_PASSWORD])
    const problems: string[] = []
    const keep = async (response: Response): Promise<Response> => {
      if (response.status >= 400) problems.push(await response.clone().text(), JSON.stringify([...response.headers]))
      return response
    }

    await keep(
      await desk.browser().call('/auth/sign-up', { json: { email: EMAIL, password: PASSWORD, more: PASSWORD } }),
    )
    await keep(await desk.browser().call('/auth/sign-up', { json: { email: EMAIL, password: [PASSWORD] } }))
    await keep(await desk.browser().call('/auth/sign-up', { json: { email: EMAIL, password: PASSWORD } }))
    const verification = await desk.codeFor(EMAIL)
    secrets.add(verification)
    await keep(await desk.browser().call('/auth/verify', { json: { code: verification } }))
    await keep(await desk.browser().call('/auth/verify', { json: { code: verification } }))

    const browser = await desk.loggedIn()
    const secret = browser.cookies.get('session')!.value!
    const { csrfToken } = browser
    secrets.add(secret).add(csrfToken!)
    await keep(await desk.browser().logIn(EMAIL, OTHER_PASSWORD))
    await keep(await desk.browser().logIn(PASSWORD, EMAIL))
    await keep(await browser.callFrom(EVIL, '/notes', { method: 'POST', headers: { 'x-csrf-token': csrfToken! } }))
    await keep(
      await browser.call('/auth/password/change', { json: { password: OTHER_PASSWORD, newPassword: PASSWORD } }),
    )
    await keep(await browser.call('/auth/email', { json: { password: OTHER_PASSWORD, newEmail: 'b@example.org' } }))
    await browser.call('/auth/password/forgot', { json: { email: EMAIL } })
    const reset = await desk.codeFor(EMAIL)
    secrets.add(reset)
    await keep(await browser.call('/auth/password/reset', { json: { code: reset, password: 'short' } }))
    await keep(await browser.call('/auth/password/reset', { json: { code: reset, password: OTHER_PASSWORD } }))
    await keep(await browser.call('/auth/password/reset', { json: { code: reset, password: PASSWORD } }))
    await keep(await browser.call('/notes'))
    const tokens = (await (
      await desk.browser().call('/auth/token', { json: { email: EMAIL, password: OTHER_PASSWORD } })
    ).json()) as Record<string, string>
    secrets.add(tokens['accessToken']!).add(tokens['refreshToken']!)

    const logs = JSON.stringify(desk.app.logs.lines.map(({ message, fields }) => [message, fields]))
    const sinks = { logs, problems: problems.join('\n'), events: JSON.stringify(desk.events) }
    expect(problems.length).toBeGreaterThan(15)
    expect(desk.events.length).toBeGreaterThan(8)
    expect(logs.length).toBeGreaterThan(1000)
    for (const [name, text] of Object.entries(sinks)) {
      for (const each of secrets) expect(`${name}: ${text.includes(each)}`).toBe(`${name}: false`)
    }
    // The mails themselves carry their codes, and nothing else secret.
    const mails = JSON.stringify(desk.outbox.mails)
    expect([mails.includes(verification), mails.includes(reset)]).toEqual([true, true])
    for (const each of [PASSWORD, OTHER_PASSWORD, secret]) expect(mails).not.toContain(each)
  })

  it('are not in answers that may be kept by somebody on the way', async () => {
    await using desk = await accountsApp()
    await desk.member()

    const login = await desk.browser().logIn(EMAIL, PASSWORD)
    const token = await desk.browser().call('/auth/token', { json: { email: EMAIL, password: PASSWORD } })
    const csrf = await desk.browser().call('/auth/csrf')

    expect([login, token, csrf].map(({ headers }) => headers.get('cache-control'))).toEqual(Array(3).fill('no-store'))
    const text = await login.text()
    expect(text).not.toContain(PASSWORD)
    expect(text).not.toContain('argon2')
  })
})
