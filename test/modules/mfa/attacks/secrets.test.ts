/** Canaries: secrets, codes and challenges are searched for wherever something is written. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { AccountsModule, TokenEndpointsModule } from 'tenon/auth'
import { MfaModule } from 'tenon/mfa'

import { EMAIL, OTHER_PASSWORD, PASSWORD } from '../../auth/accounts/accounts-app.ts'
import {
  addPasskey,
  AuthenticatorApp,
  json,
  mfaApp,
  ORIGIN,
  outcome,
  type Enrolled,
  type MfaApp,
  type Ticket,
} from '../mfa-app.ts'
import { SoftAuthenticator, type CreationOptions, type RequestOptions } from '../soft-authenticator.ts'

const KEY = 'a key of the environment, thirty-two or more'
/** Without a comma: lists are written with them. */
const OLD_KEY = 'the key of before with thirty-two or more'

describe('Secrets of second factors', () => {
  it('are in no log, no problem, no security event and no mail, whatever goes right or wrong', async () => {
    const modules = [AccountsModule, TokenEndpointsModule, MfaModule]
    await using desk = await mfaApp({ modules, env: { DATABASE_LOG: 'true', MFA_SECRET_KEY: KEY } })
    await desk.member()
    const secrets = new Set<string>([KEY, PASSWORD])
    const tickets = new Set<string>()
    const problems: string[] = []
    const browser = await desk.loggedIn()
    const ask = async (path: string, body?: object): Promise<Response> => {
      const response = await browser.call(path, body ? { json: body } : { method: 'POST' })
      const text = response.ok ? '' : await response.clone().text()
      const isTicket = text.includes('MFA_REQUIRED')
      if (text !== '' && !isTicket) problems.push(text, JSON.stringify([...response.headers]))
      return response
    }
    const challenged = async <O extends { readonly challenge: string }>(path: string, body?: object): Promise<O> => {
      const options = await json<O>(await ask(path, body))
      secrets.add(options.challenge)
      return options
    }
    const lie = async (path: string, wrap: (passkey: object) => object, options: string, body?: object) => {
      for (const lies of [
        { origin: 'https://evil.example' },
        { tampers: true },
        { rpId: 'evil.example' },
        { counter: 0 },
      ]) {
        const asked = await challenged<RequestOptions>(options, body)
        await ask(path, wrap(key.get(asked, lies)))
      }
      const asked = await challenged<RequestOptions>(options, body)
      const answer = key.get(asked) as { response: { signature: string } }
      secrets.add(answer.response.signature)
      return wrap(answer)
    }

    const enrolment = await json<{ secret: string; uri: string; qr: string }>(
      await ask('/auth/mfa/totp', { qr: 'svg' }),
    )
    secrets.add(enrolment.secret).add(enrolment.uri)
    const phone = new AuthenticatorApp(enrolment.secret, desk.clock)
    await ask('/auth/mfa/totp/confirm', { code: '000000' })
    const code = phone.code()
    const activated = await json<{ recoveryCodes: string[] }>(await ask('/auth/mfa/totp/confirm', { code }))
    for (const each of activated.recoveryCodes) secrets.add(each).add(each.replaceAll('-', ''))

    const key = new SoftAuthenticator(ORIGIN)
    const creation = await challenged<CreationOptions>('/auth/mfa/passkeys/options')
    await ask('/auth/mfa/passkeys', { name: 'Key', passkey: key.create(creation, { origin: 'https://evil.example' }) })
    await json(await addPasskey(browser, key))
    await ask(
      '/auth/mfa/step-up',
      await lie('/auth/mfa/step-up', (passkey) => ({ passkey }), '/auth/mfa/step-up/options'),
    )

    const { ticket } = (await (await ask('/auth/login', { email: EMAIL, password: PASSWORD })).json()) as Ticket
    tickets.add(ticket)
    await ask('/auth/mfa/login', { ticket, code })
    await ask('/auth/mfa/login', { ticket, code: [code] })
    await ask('/auth/mfa/login', { ticket, more: ticket })
    await ask('/auth/mfa/login', { ticket, recoveryCode: activated.recoveryCodes[0], rememberDevice: true })
    await ask('/auth/mfa/login', { ticket, recoveryCode: activated.recoveryCodes[0] })
    const device = [...browser.cookies.values()].find(({ name }) => name.includes('-device-'))!.value!
    secrets.add(device).add(device.split('.')[0]!)
    await ask(
      '/auth/mfa/passkey/login',
      await lie('/auth/mfa/passkey/login', (passkey) => ({ passkey }), '/auth/mfa/passkey/options'),
    )
    await ask('/auth/mfa/login', { ticket: 'x'.repeat(100), code })
    await desk.mailsSent()

    const sinks = {
      logs: JSON.stringify(desk.app.logs.lines.map(({ message, fields }) => [message, fields])),
      problems: problems.join('\n'),
      events: JSON.stringify(desk.events),
      mails: JSON.stringify(desk.outbox.mails),
    }
    expect(problems.length).toBeGreaterThan(20)
    expect(desk.events.length).toBeGreaterThan(20)
    expect(sinks.logs.length).toBeGreaterThan(1000)
    expect(secrets.size).toBeGreaterThan(35)
    for (const [name, text] of Object.entries(sinks)) {
      for (const each of [...secrets, ...tickets]) expect(`${name}: ${text.includes(each)}`).toBe(`${name}: false`)
      expect(`${name}: ${new RegExp(`\\b${code}\\b`).test(text)}`).toBe(`${name}: false`)
    }
  })

  it('are not in answers that may be kept by somebody on the way', async () => {
    await using desk = await mfaApp()
    await desk.member()
    const browser = await desk.loggedIn()

    const begun = await browser.call('/auth/mfa/totp', { json: {} })
    const { secret } = await json<{ secret: string }>(begun.clone())
    const phone = new AuthenticatorApp(secret, desk.clock)
    const answers = [
      begun,
      await browser.call('/auth/mfa/totp/confirm', { json: { code: phone.code() } }),
      await browser.call('/auth/mfa/recovery-codes', { method: 'POST' }),
      await browser.call('/auth/mfa/passkeys/options', { method: 'POST' }),
      await browser.call('/auth/mfa/passkey/options', { method: 'POST' }),
      await browser.call('/auth/mfa/step-up', { json: { code: await phone.nextCode() } }),
      await browser.logIn(EMAIL, PASSWORD),
    ]

    expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(Array(7).fill('no-store'))
    expect(JSON.stringify(await json(await browser.call('/auth/mfa')))).not.toContain(secret)
  })

  it('are encrypted at rest, each for its row, and read with the keys of before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenon-mfa-'))
    const file = join(folder, 'test.sqlite')
    const next = 'another key, also of thirty-two or more'
    const start = (env: Readonly<Record<string, string>>) => mfaApp({ env: { DATABASE_URL: `sqlite:${file}`, ...env } })
    const logIn = async (desk: MfaApp, code: string) => {
      await desk.clock.advance(60_000)
      const { ticket } = await desk.ticket(desk.browser())
      return outcome(await desk.browser().call('/auth/mfa/token', { json: { ticket, code } }))
    }
    let enrolled: Enrolled
    {
      await using desk = await start({ MFA_SECRET_KEY: OLD_KEY })
      enrolled = await desk.enrolled()
      await desk.member('eve@example.org', OTHER_PASSWORD)
    }
    const database = new DatabaseSync(file)
    const rows = database.prepare('SELECT * FROM mfa_totp').all()
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).toContain('"secret":"v1.')
    expect(JSON.stringify(database.prepare('SELECT * FROM mfa_recovery_codes').all())).not.toContain(
      enrolled.recoveryCodes[0]!,
    )

    {
      await using desk = await start({ MFA_SECRET_KEY: next })
      expect(await logIn(desk, enrolled.phone.code(2))).toBe('500 MFA_SECRET_UNREADABLE')
    }
    {
      await using desk = await start({ MFA_SECRET_KEY: next, MFA_FORMER_SECRET_KEYS: OLD_KEY })
      expect(await logIn(desk, enrolled.phone.code(2))).toBe('200')
    }
    database.exec("UPDATE mfa_totp SET accountId = (SELECT id FROM auth_accounts WHERE email = 'eve@example.org')")
    database.close()
    {
      await using desk = await start({ MFA_SECRET_KEY: OLD_KEY })
      const { ticket } = await desk.ticket(desk.browser(), 'eve@example.org', OTHER_PASSWORD)
      const moved = await desk.browser().call('/auth/mfa/token', { json: { ticket, code: '000000' } })
      expect(await outcome(moved)).toBe('500 MFA_SECRET_UNREADABLE')
    }
    await rm(folder, { recursive: true })
  })

  it('want a key of their own in production', async () => {
    const production = { TENON_ENV: 'production', NODE_ENV: 'production' }

    await expect(mfaApp({ env: production })).rejects.toThrow('MFA_SECRET_KEY')
  })
})
