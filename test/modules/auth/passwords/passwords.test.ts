import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hash } from 'node:crypto'

import fc from 'fast-check'
import {
  AccountStore,
  Argon2Hasher,
  BreachedPasswords,
  PasswordPolicy,
  PasswordsModule,
  type PasswordsConfig,
} from 'tenon/auth'
import { testApp } from 'tenon/testing'

import { accountsApp, EMAIL, PASSWORD } from '../accounts/accounts-app.ts'
import { onEveryDatabase } from '../../data/on-every-database.ts'

const COST = { memoryKib: 7168, passes: 1, lanes: 1, maxWaiting: 100 } as PasswordsConfig

describe('Argon2Hasher', () => {
  it('writes the PHC format with its parameters, and a new salt each time', async () => {
    const hasher = new Argon2Hasher(COST)

    const [one, two] = await Promise.all([hasher.hash(PASSWORD), hasher.hash(PASSWORD)])

    expect(one).toMatch(/^\$argon2id\$v=19\$m=7168,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(one).not.toBe(two)
    expect([await hasher.verify(PASSWORD, one), await hasher.verify(`${PASSWORD}x`, one)]).toEqual([true, false])
  })

  it('agrees with the reference implementation', async () => {
    // Made by the reference: echo -n "password" | argon2 somesalt -id -t 2 -m 16 -p 1 -l 24, from its test.c.
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'

    expect(await new Argon2Hasher(COST).verify('password', reference)).toBe(true)
    expect(await new Argon2Hasher(COST).verify('differentpassword', reference)).toBe(false)
  })

  it('reads what another cost has written, and says that it is outdated', async () => {
    const old = await new Argon2Hasher(COST).hash(PASSWORD)
    const hasher = new Argon2Hasher({ ...COST, passes: 2 })

    expect(await hasher.verify(PASSWORD, old)).toBe(true)
    expect([hasher.isOutdated(old), hasher.isOutdated(await hasher.hash(PASSWORD))]).toEqual([true, false])
  })

  it('takes one character written in two ways for one', async () => {
    const hasher = new Argon2Hasher(COST)
    const composed = 'caf\u00E9 at the harbour'

    expect(await hasher.verify('cafe\u0301 at the harbour', await hasher.hash(composed))).toBe(true)
  })

  it('refuses any text that is no hash of its own', async () => {
    const hasher = new Argon2Hasher(COST)

    await fc.assert(
      fc.asyncProperty(fc.string(), async (stored) => expect(await hasher.verify(PASSWORD, stored)).toBe(false)),
      { numRuns: 20 },
    )
  })
})

onEveryDatabase('A hash of lower cost', (database) => {
  it('is made anew at the next login, and only at a right one', async () => {
    await using at = await database.create()
    const env = { DATABASE_URL: at.url }
    await using desk = await accountsApp({ env: { ...env, PASSWORD_PASSES: '2' } })
    const id = await desk.member()
    const accounts = desk.app.get(AccountStore)
    const old = await new Argon2Hasher(COST).hash(PASSWORD)
    await accounts.change(id, { passwordHash: old })

    await desk.browser().logIn(EMAIL, 'wrong')
    expect((await accounts.findById(id))?.passwordHash).toBe(old)

    expect((await desk.browser().logIn(EMAIL, PASSWORD)).status).toBe(200)
    expect((await accounts.findById(id))?.passwordHash).toContain('m=7168,t=2,p=1')
    expect((await desk.browser().logIn(EMAIL, PASSWORD)).status).toBe(200)
  })
})

describe('The standard policy', () => {
  it.each([
    ['elevenchars', 'tooShort'],
    ['x'.repeat(6) + '-words9'.repeat(20), 'tooLong'],
    ['abababababab', 'repetitive'],
    ['987654321098', 'repetitive'],
    ['abcdefghijkl', 'repetitive'],
    ['lovelace.ada1815', 'likeEmail'],
    ['Lovelace-2024', 'likeEmail'],
    ['enigmaworks!1', 'likeEmail'],
    ['Summer2024!!', 'common'],
    ['w3lc0me-w3lc0me', 'common'],
    ['!!monkey12345', 'common'],
    ['DragonMaster99', 'common'],
    ['password'.repeat(4), 'common'],
    ['193847562019', 'common'],
  ])('does not take %s: %s', async (password, code) => {
    await using app = await testApp(PasswordsModule).boot()

    expect((await app.get(PasswordPolicy).weaknessOf(password, 'ada.lovelace@enigmaworks.example'))?.code).toBe(code)
  })

  it.each([
    'purple-Stapler-reads-7-books',
    'tiger coffee guitar rainbow',
    'x7K!9#mQ2$vLpR',
    '\u8FD9\u662F\u4E00\u4E2A\u5F88\u957F\u7684\u5BC6\u7801\u5417\u662F\u7684',
    'vier \u00C4pfel im Korb',
  ])('takes %s', async (password) => {
    await using app = await testApp(PasswordsModule).boot()

    expect(await app.get(PasswordPolicy).weaknessOf(password, EMAIL)).toBeUndefined()
  })

  it('answers for any text, in time that grows with its length alone', async () => {
    await using app = await testApp(PasswordsModule.with({ maxLength: 1024 })).boot()
    const policy = app.get(PasswordPolicy)

    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 1100, unit: 'binary' }), fc.emailAddress(), async (password, email) => {
        const weakness = await policy.weaknessOf(password, email)
        if ([...password.normalize('NFKC')].length < 12) expect(weakness?.code).toBe('tooShort')
      }),
      { numRuns: 300 },
    )
    expect((await policy.weaknessOf('ab'.repeat(500) + 'cde', EMAIL))?.code).toBeUndefined()
  })
})

describe('Breached passwords', () => {
  it('are asked for by five digits of their hash, and refused', async () => {
    await using api = await rangeApi([PASSWORD])
    await using app = await testApp(PasswordsModule.with({ breachUrl: new URL(api.url) })).boot()
    const policy = app.get(PasswordPolicy)

    expect((await policy.weaknessOf(PASSWORD, EMAIL))?.code).toBe('breached')
    expect(await policy.weaknessOf('green_Kettle_walks_9_miles', EMAIL)).toBeUndefined()
    expect(api.asked).toHaveLength(2)
    expect(api.asked[0]).toBe(`/range/${hash('sha1', PASSWORD).toUpperCase().slice(0, 5)}`)
  })

  it('keep nobody out when the list cannot be asked: it is logged without the password', async () => {
    await using app = await testApp(PasswordsModule.with({ breachUrl: new URL('http://127.0.0.1:9/range/') })).boot()

    expect(await app.get(PasswordPolicy).weaknessOf(PASSWORD, EMAIL)).toBeUndefined()

    const [line] = app.logs.at('warn')
    expect(line?.message).toContain('could not be asked')
    expect(JSON.stringify(app.logs.lines)).not.toContain(hash('sha1', PASSWORD).toUpperCase().slice(5, 15))
  })

  it('are not asked for unless an address is set', async () => {
    await using app = await testApp(PasswordsModule).boot()

    expect(await app.get(BreachedPasswords).count('password')).toBe(0)
  })
})

/** A range API that knows these, with padding as the real one has it. */
async function rangeApi(known: readonly string[]) {
  const asked: string[] = []
  const hashes = known.map((each) => hash('sha1', each).toUpperCase())
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const prefix = (request.url ?? '').slice(-5)
    const found = hashes.filter((each) => each.startsWith(prefix)).map((each) => `${each.slice(5)}:37`)
    response.end(['0018A45C4D1DEF81644B54AB7F969B88D65:0', ...found].join('\r\n'))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/range`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
