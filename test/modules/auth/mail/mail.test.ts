import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import {
  AccountMails,
  AccountsModule,
  Mailer,
  MailModule,
  MemoryOutbox,
  Postman,
  type LinkMail,
  type MailText,
} from 'tenon/auth'
import { testApp } from 'tenon/testing'

import { loadPackage } from '../../../../modules/auth/mail/load-package.ts'
import { accountsApp, EMAIL, PASSWORD } from '../accounts/accounts-app.ts'

interface SmtpServer {
  readonly server: Server
  listen(port: number, host: string, listening: () => void): void
  close(closed: () => void): void
}

const { SMTPServer } = createRequire(import.meta.url)('smtp-server') as {
  readonly SMTPServer: new (options: object) => SmtpServer
}

const MAIL = { to: EMAIL, subject: 'Grüße', text: 'Hello\n.\nBye' }

describe('The outbox folder', () => {
  it('gets one file for each mail, which nobody else on the machine can read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenon-mail-'))
    const outbox = join(folder, 'outbox')
    await using app = await testApp(MailModule.with({ outbox, from: 'desk@example.org' }))
      .clock('2026-03-01T12:00:00Z')
      .boot()

    await app.get(Mailer).send(MAIL)
    await app.get(Mailer).send(MAIL)

    const files = await readdir(outbox)
    expect(files).toHaveLength(2)
    expect(files[0]).toMatch(/^2026-03-01T12-00-00-000Z-[0-9a-f-]{36}\.json$/)
    const path = join(outbox, files[0]!)
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      from: 'desk@example.org',
      at: '2026-03-01T12:00:00.000Z',
      ...MAIL,
    })
    expect([(await stat(outbox)).mode & 0o777, (await stat(path)).mode & 0o777]).toEqual([0o700, 0o600])
    await rm(folder, { recursive: true })
  })
})

describe('Mail by SMTP', () => {
  it('reaches the server as it was written', async () => {
    const received: { to: string[]; message: string }[] = []
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: async (
        stream: NodeJS.ReadableStream,
        session: { envelope: { rcptTo: { address: string }[] } },
        done: () => void,
      ) => {
        received.push({ to: session.envelope.rcptTo.map(({ address }) => address), message: await text(stream) })
        done()
      },
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.server.address() as AddressInfo
    await using app = await testApp(MailModule)
      .env({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'desk@example.org' })
      .boot()

    await app.get(Mailer).send(MAIL)

    expect(received).toHaveLength(1)
    expect(received[0]?.to).toEqual([EMAIL])
    expect(received[0]?.message).toMatch(/From: desk@example\.org\r\n/)
    expect(received[0]?.message).toContain('Subject: =?UTF-8?')
    expect(received[0]?.message).toContain('\r\n\r\nHello\r\n.\r\nBye')
    await new Promise<void>((resolve) => server.close(resolve))
  })

  it('that fails is logged without the mail, and the caller notices nothing', async () => {
    await using desk = await accountsApp({ env: { SMTP_URL: 'smtp://127.0.0.1:9' } })

    const response = await desk.browser().call('/auth/sign-up', { json: { email: EMAIL, password: PASSWORD } })
    await desk.mailsSent()

    expect(response.status).toBe(202)
    expect(desk.app.logs.at('error').map(({ message }) => message)).toEqual(['A mail could not be sent.'])
    expect(JSON.stringify(desk.app.logs.lines)).not.toContain('#code=')
  })
})

describe('Packages for mail', () => {
  it('are named with the command that installs them when they are missing', async () => {
    await expect(loadPackage('no-such-mailer', '1.2.3')).rejects.toMatchObject({
      code: 'AUTH_MAIL_PACKAGE_MISSING',
      message: expect.stringContaining('npm install no-such-mailer@1.2.3'),
    })
    await expect(loadPackage('nodemailer', '10.6.0')).resolves.toHaveProperty('createTransport')
  })
})

describe('Mail', () => {
  it('is kept in memory for tests', async () => {
    await using app = await testApp(MailModule).boot()

    expect(app.get(Mailer)).toBeInstanceOf(MemoryOutbox)
  })

  it('does not begin in production without a way to leave', async () => {
    await expect(testApp(MailModule).env({ TENON_ENV: 'production' }).boot()).rejects.toThrow(
      'how mail leaves in production',
    )
    await using app = await testApp(MailModule).env({ TENON_ENV: 'production', SMTP_URL: 'smtp://127.0.0.1:9' }).boot()
    expect(app.get(Mailer)).toBeDefined()
  })

  it('has no links in production without the address they lead to', async () => {
    const production = { TENON_ENV: 'production', DATABASE_URL: 'sqlite::memory:', SMTP_URL: 'smtp://127.0.0.1:9' }

    await expect(accountsApp({ modules: [AccountsModule], env: production })).rejects.toThrow(
      'where browsers find this application',
    )
    await using desk = await accountsApp({
      modules: [AccountsModule],
      env: { ...production, PUBLIC_URL: 'https://desk.example.org' },
    })
    expect((await desk.browser().call('/auth/csrf')).status).toBe(200)
  })

  it('that is under way when the application stops is sent before it has stopped', async () => {
    const app = await testApp(MailModule).boot()
    const outbox = app.get(Mailer) as MemoryOutbox

    app.get(Postman).afterwards(() => outbox.send(MAIL))
    await app.close()

    expect(outbox.mails).toEqual([MAIL])
  })

  it('says what the application wants it to say', async () => {
    class GermanMails extends AccountMails {
      override verification({ link }: LinkMail): MailText {
        return { subject: 'Bestätigen', text: link, html: `<a href="${link}">Hier</a>` }
      }
    }
    await using desk = await accountsApp({ adjust: (builder) => builder.override(AccountMails).withClass(GermanMails) })

    await desk.browser().call('/auth/sign-up', { json: { email: EMAIL, password: PASSWORD } })
    await desk.mailsSent()

    expect(desk.outbox.lastTo(EMAIL)).toMatchObject({
      subject: 'Bestätigen',
      html: expect.stringContaining('<a href="http'),
    })
  })
})
