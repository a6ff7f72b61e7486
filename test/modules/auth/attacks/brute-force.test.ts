import { accountsApp, EMAIL, OTHER_PASSWORD, PASSWORD, type AccountsApp } from '../accounts/accounts-app.ts'
import { onEveryDatabase } from '../../data/on-every-database.ts'

const BOB = 'bob@example.org'

function guess(desk: AccountsApp, email: string, password: string, address = '203.0.113.7'): Promise<Response> {
  return desk.browser({ 'x-forwarded-for': address }).call('/auth/token', { json: { email, password } })
}

async function statuses(times: number, call: (index: number) => Promise<Response>): Promise<readonly number[]> {
  const found: number[] = []
  for (let index = 0; index < times; index += 1) found.push((await call(index)).status)
  return found
}

describe('Guessing passwords', () => {
  it('of one account waits after five, and the right password waits too', async () => {
    await using desk = await accountsApp()
    await desk.member()

    expect(await statuses(6, () => guess(desk, EMAIL, OTHER_PASSWORD))).toEqual([401, 401, 401, 401, 401, 429])
    const runs = desk.hasher.runs
    expect((await guess(desk, EMAIL, PASSWORD)).status).toBe(429)
    expect(desk.hasher.runs).toBe(runs)

    await desk.clock.advance(1000)
    expect((await guess(desk, EMAIL, PASSWORD)).status).toBe(200)
  })

  it('of one account from many addresses waits all the same', async () => {
    await using desk = await accountsApp()
    await desk.member()

    const found = await statuses(10, (index) => guess(desk, EMAIL, OTHER_PASSWORD, `198.51.100.${index}`))

    expect(found.filter((status) => status === 401)).toHaveLength(5)
    expect(found.slice(5)).toEqual([429, 429, 429, 429, 429])
    expect((await guess(desk, BOB, OTHER_PASSWORD, '198.51.100.200')).status).toBe(401)
  })

  it('of many accounts from one address waits after twenty', async () => {
    await using desk = await accountsApp()
    await desk.member()

    const found = await statuses(21, (index) => guess(desk, `user${index}@example.org`, PASSWORD))

    expect(found.slice(0, 20)).toEqual(Array(20).fill(401))
    expect(found[20]).toBe(429)
    expect((await guess(desk, EMAIL, PASSWORD, '203.0.113.99')).status).toBe(200)
  })

  it('from all addresses of one IPv6 network counts as from one', async () => {
    await using desk = await accountsApp()

    const found = await statuses(21, (index) =>
      guess(desk, `u${index}@example.org`, PASSWORD, `2001:db8:1:2::${index}`),
    )

    expect(found[20]).toBe(429)
    expect((await guess(desk, 'u@example.org', PASSWORD, '2001:db8:1:3::1')).status).toBe(401)
  })

  it('is not given a new address by a header that no trusted proxy has written', async () => {
    await using desk = await accountsApp({ env: { HTTP_TRUST_PROXY: '' } })

    const found = await statuses(21, (index) => guess(desk, `u${index}@example.org`, PASSWORD, `198.51.100.${index}`))

    expect(found[20]).toBe(429)
  })

  it("is not cleared by logging in with an account of one's own in between", async () => {
    await using desk = await accountsApp()
    await desk.member()

    await statuses(19, (index) => guess(desk, `u${index}@example.org`, PASSWORD))
    expect((await guess(desk, EMAIL, PASSWORD)).status).toBe(200)
    expect(await statuses(2, (index) => guess(desk, `v${index}@example.org`, PASSWORD))).toEqual([401, 429])
  })

  it('is not cleared by another way of writing the address', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const spellings = [
      'ADA@example.org',
      'ada@EXAMPLE.org',
      ' ada@example.org',
      'Ada@Example.Org ',
      EMAIL,
      'aDa@example.org',
    ]

    expect(await statuses(6, (index) => guess(desk, spellings[index]!, OTHER_PASSWORD))).toEqual([
      401, 401, 401, 401, 401, 429,
    ])
    await desk.clock.advance(1000)
    expect((await guess(desk, ' ADA@Example.org ', PASSWORD)).status).toBe(200)
  })

  it('waits ever longer, but never longer than a quarter of an hour', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const waits: number[] = []

    for (let count = 0; count < 18; count += 1) {
      const response = await guess(desk, EMAIL, OTHER_PASSWORD, `198.51.100.${count}`)
      const again = response.status === 401 ? await guess(desk, EMAIL, OTHER_PASSWORD, `198.51.100.${count}`) : response
      const wait = Number(again.headers.get('retry-after') ?? 0)
      if (again.status === 429) waits.push(wait)
      await desk.clock.advance(wait * 1000)
    }

    expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8])
    expect(Math.max(...waits)).toBe(900)
    expect((await guess(desk, EMAIL, PASSWORD, '192.0.2.1')).status).toBe(200)
  })

  it('by strangers does not lock the owner out, who comes from where she came before', async () => {
    await using desk = await accountsApp()
    await desk.member()
    expect((await guess(desk, EMAIL, PASSWORD, '192.0.2.55')).status).toBe(200)

    await statuses(8, (index) => guess(desk, EMAIL, OTHER_PASSWORD, `198.51.100.${index}`))

    expect((await guess(desk, EMAIL, PASSWORD, '198.51.100.77')).status).toBe(429)
    expect((await guess(desk, EMAIL, PASSWORD, '192.0.2.55')).status).toBe(200)
  })

  it("from the owner's own network waits as well", async () => {
    await using desk = await accountsApp()
    await desk.member()
    await guess(desk, EMAIL, PASSWORD)

    expect((await statuses(6, () => guess(desk, EMAIL, OTHER_PASSWORD))).at(-1)).toBe(429)
  })

  it('after a new password by mail begins anew', async () => {
    await using desk = await accountsApp()
    await desk.member()
    await statuses(6, (index) => guess(desk, EMAIL, 'x', `198.51.100.${index}`))
    await desk.browser().call('/auth/password/forgot', { json: { email: EMAIL } })
    await desk
      .browser()
      .call('/auth/password/reset', { json: { code: await desk.codeFor(EMAIL), password: OTHER_PASSWORD } })

    expect((await guess(desk, EMAIL, OTHER_PASSWORD, '198.51.100.99')).status).toBe(200)
  })

  it('with a stolen session, where the current password is asked for, waits too', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const browser = await desk.loggedIn()
    const change = (password: string) =>
      browser.call('/auth/password/change', { json: { password, newPassword: OTHER_PASSWORD } })

    expect(await statuses(6, () => change('wrong'))).toEqual([403, 403, 403, 403, 403, 429])
    await desk.clock.advance(1000)
    expect((await change(PASSWORD)).status).toBe(200)
  })
})

describe('Asking for too much', () => {
  it('does not fill a mailbox: five mails an hour, and the answers stay the same', async () => {
    await using desk = await accountsApp()
    await desk.member()
    const before = desk.outbox.mails.length
    await desk.clock.advance(3_600_001)
    const ask = (index: number) =>
      desk
        .browser({ 'x-forwarded-for': `198.51.100.${index}` })
        .call('/auth/password/forgot', { json: { email: EMAIL } })

    expect(await statuses(12, ask)).toEqual(Array(12).fill(202))
    await desk.mailsSent()
    expect(desk.outbox.mails.length - before).toBe(5)

    await desk.clock.advance(3_600_001)
    await ask(1)
    await desk.mailsSent()
    expect(desk.outbox.mails.length - before).toBe(6)
  })

  it('from one address is refused: sign-ups and forgotten passwords together', async () => {
    await using desk = await accountsApp({ env: { ACCOUNTS_REQUESTS_PER_HOUR: '3' } })
    const ask = (index: number) =>
      desk
        .browser({ 'x-forwarded-for': '203.0.113.7' })
        .call('/auth/password/forgot', { json: { email: `u${index}@example.org` } })

    expect(await statuses(4, ask)).toEqual([202, 202, 202, 429])
    expect(
      (
        await desk
          .browser({ 'x-forwarded-for': '203.0.113.8' })
          .call('/auth/password/forgot', { json: { email: EMAIL } })
      ).status,
    ).toBe(202)
  })

  it('of argon2 at once is refused instead of piled up', async () => {
    await using desk = await accountsApp({ env: { PASSWORD_MAX_WAITING: '1' } })
    await desk.member()
    const many = Array.from({ length: 16 }, (_, index) =>
      guess(desk, `u${index}@example.org`, 'x', `198.51.100.${index}`),
    )

    const found = (await Promise.all(many)).map(({ status }) => status)

    expect(found).toContain(503)
    expect(found).toContain(401)
    expect((await guess(desk, EMAIL, PASSWORD)).status).toBe(200)
  })
})

onEveryDatabase('Guessing passwords', (database) => {
  it('many times at once gets no further than one after the other', async () => {
    await using at = await database.create()
    await using desk = await accountsApp({ env: { DATABASE_URL: at.url } })
    await desk.member()
    const runs = desk.hasher.runs

    const found = await Promise.all(
      Array.from({ length: 24 }, (_, index) => guess(desk, EMAIL, OTHER_PASSWORD, `198.51.100.${index}`)),
    )

    expect(found.filter(({ status }) => status === 401)).toHaveLength(5)
    expect(found.filter(({ status }) => status === 429)).toHaveLength(19)
    expect(desk.hasher.runs - runs).toBe(5)
    await desk.clock.advance(1000)
    expect((await guess(desk, EMAIL, PASSWORD)).status).toBe(200)
  })

  if (database.name === 'SQLite in memory') return

  it('in another process goes on where the first one has stopped it', async () => {
    await using at = await database.create()
    await using one = await accountsApp({ env: { DATABASE_URL: at.url } })
    await using two = await accountsApp({ env: { DATABASE_URL: at.url } })
    await one.member()

    await statuses(5, (index) => guess(one, EMAIL, OTHER_PASSWORD, `198.51.100.${index}`))

    expect((await guess(two, EMAIL, PASSWORD)).status).toBe(429)
    await two.clock.advance(1000)
    expect((await guess(two, EMAIL, PASSWORD)).status).toBe(200)
  })
})
