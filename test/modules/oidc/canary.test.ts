/** No code, token, secret, state or verifier of a login is told to anybody: not by a log, a problem, a header or an event. */
import { openDesk, PASSWORD } from './desk.ts'
import { freePort } from './free-port.ts'
import { forgedIssuer } from './forged-issuer.ts'
import { ask, authorize, BACK, exchange, userInfo, WIKI } from './relying-party.ts'
import { openHouse } from './house.ts'
import { Surfer } from './surfer.ts'

/** Whoever finds this much of a secret in a log has found the secret. */
const PIECE = 12

describe('No secret is told', () => {
  it('by an application that logs people in with others', async () => {
    await using forged = await forgedIssuer()
    const secret = 'the-secret-that-we-have-there-0123456789'
    const login = 'the secret that seals our cookies 0123456789'
    await using desk = await openDesk({
      port: await freePort(),
      issuers: [{ name: 'acme', issuer: forged.issuer, clientId: 'desk', clientSecret: secret, internal: true }],
      env: { LOG_LEVEL: 'debug', DATABASE_LOG: 'true', OIDC_LOGIN_SECRET: login },
    })
    forged.answer = { code: 'a-very-secret-code-of-this-login' }
    const secrets = new Set([secret, login, 'a-very-secret-code-of-this-login', 'an-access-token'])
    const told: string[] = []
    for (const claims of [
      {},
      { aud: 'another' },
      { nonce: 'another' },
      { exp: 1 },
      { email_verified: false, sub: 'x' },
    ]) {
      forged.claims = claims
      const surfer = new Surfer()
      const back = (
        await surfer.open(`${desk.url}/auth/oidc/acme/login`, {
          until: ({ pathname }) => pathname.endsWith('/callback'),
        })
      ).location!
      secrets.add(back.searchParams.get('state')!).add(surfer.cookie('localhost', 'oidc-attempt')!)
      for (const address of [back, back, new URL(`${back.href}&state=x`)]) {
        const { text, headers } = await surfer.peek(address)
        told.push(text, JSON.stringify([...headers].filter(([name]) => name !== 'set-cookie')))
      }
    }
    for (const form of forged.exchanges) secrets.add(form.get('code_verifier')!)
    expect(forged.exchanges.length).toBe(5)
    expect(secrets.size).toBeGreaterThan(15)
    const lines = desk.app.logs.lines.map((line) => JSON.stringify(line))
    expect(lines.length).toBeGreaterThan(30)
    const all = [...lines, ...told, ...desk.events.map((event) => JSON.stringify(event))]
    for (const each of secrets) expect(all.filter((text) => text.includes(each.slice(0, PIECE)))).toEqual([])
  })

  it('by an identity provider', async () => {
    await using house = await openHouse({
      settings: { clients: [{ ...WIKI, offline: true }] },
      env: { LOG_LEVEL: 'debug', DATABASE_LOG: 'true' },
    })
    await house.member()
    const told: string[] = []
    const back = await authorize(house, { scope: 'openid offline_access', prompt: 'consent' })
    const wrong = await exchange(house, back, { code_verifier: 'w'.repeat(43) })
    const { tokens } = await exchange(
      house,
      await authorize(house, { scope: 'openid offline_access', prompt: 'consent' }),
    )
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token! }
    const { tokens: next } = await ask(house, '/token', refresh)
    told.push(JSON.stringify([wrong, await ask(house, '/token', refresh)]))
    told.push(JSON.stringify(await ask(house, '/token', refresh, `${WIKI.secret}x`)))
    told.push(await (await userInfo(house, tokens.access_token)).text(), await (await userInfo(house, 'x')).text())
    const lines = house.app.logs.lines.map((line) => JSON.stringify(line))
    expect(lines.length).toBeGreaterThan(30)
    const events = house.events.map((event) => JSON.stringify(event))
    expect(events.some((event) => event.includes('oidc.grant'))).toBe(true)
    const secrets = [
      back.searchParams.get('code')!,
      ...[tokens, next].flatMap((all) => [all.access_token, all.refresh_token!, all.id_token.split('.')[2]!]),
      WIKI.secret,
      PASSWORD,
    ]
    expect(secrets.every((secret) => secret.length > PIECE) && !BACK.includes(WIKI.secret)).toBe(true)
    for (const secret of secrets)
      expect([...lines, ...told, ...events].filter((text) => text.includes(secret.slice(0, PIECE)))).toEqual([])
  })
})
