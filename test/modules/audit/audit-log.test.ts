import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { securityEvents } from 'tenon'
import { AuditEntry, AuditLog, AuditModule } from 'tenon/audit'
import { Database, Migrations, UnitOfWork } from 'tenon/data'
import { testApp } from 'tenon/testing'

import { onEveryDatabase } from '../data/on-every-database.ts'
import { OpenAudit } from './open-audit.ts'

onEveryDatabase('The audit log', (database) => {
  it('appends what happened, with the call it happened in', async () => {
    await using audit = await OpenAudit.on(database)
    await audit.app.as({ id: 'ada', tenant: 'acme', actor: { id: 'support' } }).request('/login', {
      headers: { 'x-request-id': 'call-1' },
    })
    await audit.log.flush()

    const entries = await audit.app.get(Database).source.manager.find(AuditEntry, { order: { seq: 'ASC' } })

    expect(entries.map(({ seq, type }) => [Number(seq), type])).toEqual([
      [1, 'audit.opened'],
      [2, 'accounts.login'],
    ])
    expect(entries[1]).toMatchObject({
      outcome: 'refused',
      principal: 'ada',
      actor: 'support',
      tenant: 'acme',
      reason: 'password',
      callId: 'call-1',
      address: '127.0.0.1',
      subject: null,
      details: null,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(await audit.verify()).toMatchObject({ isIntact: true, entries: 2, faults: [] })
  })

  it('writes nothing when nothing happens, and has the tables that its entities say', async () => {
    await using audit = await OpenAudit.on(database)

    expect(await audit.verify()).toMatchObject({ isIntact: true, entries: 0, openWriters: [] })
    expect(await audit.app.get(Migrations).drift()).toEqual({ losses: [], statements: [] })
  })

  it('keeps the order of thousands of events, in batches', async () => {
    await using audit = await OpenAudit.on(database)

    await audit.write(2500)

    const entries = await audit.app.get(Database).source.manager.find(AuditEntry, { order: { seq: 'ASC' } })
    expect(entries.slice(1).map(({ subject }) => subject)).toEqual(
      Array.from({ length: 2500 }, (_, index) => `s-${index}`),
    )
    expect(await audit.verify()).toMatchObject({ isIntact: true, entries: 2501 })
  })

  it('gives back every text as it was hashed', async () => {
    await using audit = await OpenAudit.on(database, { secret: 'a secret of thirty-two characters' })
    const texts = [
      '',
      ' ',
      'end ',
      'é',
      'e\u0301',
      '😀',
      '\uD83D',
      '\0',
      'a\r\nb',
      '\u202E',
      '"',
      "'; DROP TABLE audit_entry; --",
      '\\',
      '%s',
    ]

    for (const subject of texts) {
      securityEvents.publish({
        type: 'test.text',
        outcome: 'allowed',
        subject,
        reason: subject,
        at: 1.5,
        details: { subject },
      })
    }
    securityEvents.publish({
      type: 't'.repeat(500),
      outcome: 'allowed',
      subject: '😀'.repeat(1000),
      at: 2,
      details: { long: 'x'.repeat(10_000) },
    })
    await audit.log.flush()

    expect(await audit.verify()).toMatchObject({ isIntact: true, entries: texts.length + 2 })
  })

  // A database in memory belongs to one application.
  if (database.name === 'SQLite in memory') return
  it('is one chain, whoever writes to it at the same time', async () => {
    const { url, ...created } = await database.create()
    await using _created = { [Symbol.asyncDispose]: created[Symbol.asyncDispose] }
    await using first = await OpenAudit.on(database, {}, url)
    await using second = await OpenAudit.on(database, {}, url)

    // Both listen to the channel of the process.
    await Promise.all([first.write(300), second.log.flush()])

    expect(await first.verify()).toMatchObject({ isIntact: true, entries: 602 })
  })
})

describe('The audit log', () => {
  const memory = {
    create: () => Promise.resolve({ url: 'sqlite::memory:', [Symbol.asyncDispose]: () => Promise.resolve() }),
  }

  it('loses nothing when the application stops', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenon-audit-'))
    const url = `sqlite:${join(folder, 'audit.sqlite')}`
    const audit = await OpenAudit.on(memory, { flushMs: 60_000 }, url)
    for (let index = 0; index < 250; index += 1) {
      securityEvents.publish({ type: 'test.event', outcome: 'allowed', at: index })
    }

    await audit.app.close()

    await using later = await OpenAudit.on(memory, {}, url)
    expect(await later.verify()).toMatchObject({ isIntact: true, entries: 252, openWriters: [] })
    await rm(folder, { recursive: true, force: true })
  })

  it('does not take part in the transaction of the call in which something happened', async () => {
    await using audit = await OpenAudit.on(memory)
    const work = audit.app.get(UnitOfWork)

    await expect(
      work.transaction(async () => {
        securityEvents.publish({ type: 'test.event', outcome: 'allowed', at: 1 })
        throw new Error('rolled back')
      }),
    ).rejects.toThrow('rolled back')
    await audit.log.flush()

    expect(await audit.verify()).toMatchObject({ isIntact: true, entries: 2 })
  })

  it('keeps entries while the database is away, says so, and writes them afterwards', async () => {
    await using audit = await OpenAudit.on(memory, { maxWaiting: 3 })
    await audit.sql('ALTER TABLE audit_head RENAME TO away')
    for (let index = 0; index < 5; index += 1) {
      securityEvents.publish({ type: 'test.event', outcome: 'allowed', subject: `s-${index}`, at: index })
    }

    await expect(audit.log.flush()).rejects.toThrow('audit_head')
    expect(await (await audit.app.request('/health/ready')).json()).toEqual({ status: 'degraded' })
    await audit.sql('ALTER TABLE away RENAME TO audit_head')
    await expect(audit.log.flush()).resolves.toBeUndefined()

    const messages = audit.app.logs.lines.map(({ message }) => message)
    expect(messages.filter((message) => message.startsWith('The audit log'))).toEqual([
      'The audit log cannot be written; its entries wait.',
      'The audit log is written again.',
    ])
    // One place was taken by the mark of the writer.
    expect(messages.filter((message) => message === 'An entry of the audit log is only here.')).toHaveLength(3)
    const entries = await audit.app.get(Database).source.manager.find(AuditEntry, { order: { seq: 'ASC' } })
    expect(entries.map(({ type }) => type)).toEqual(['audit.opened', 'test.event', 'test.event', 'audit.left-out'])
    expect(entries[3]?.details).toBe('{"entries":3}')
  })

  it('logs what it could not write when it must stop', async () => {
    const audit = await OpenAudit.on(memory, { stopMs: 0 })
    await audit.sql('DROP TABLE audit_head')
    securityEvents.publish({ type: 'test.event', outcome: 'refused', subject: 'last', at: 1 })

    await audit.app.close()

    const lines = audit.app.logs
      .at('error')
      .filter(({ message }) => message === 'An entry of the audit log is only here.')
    expect(lines.map(({ fields }) => (fields['entry'] as { type: string }).type)).toEqual([
      'audit.opened',
      'test.event',
      'audit.closed',
    ])
  })

  it('refuses a secret that can be guessed', async () => {
    await expect(testApp(AuditModule).env({ AUDIT_SECRET: 'short' }).boot()).rejects.toMatchObject({
      code: 'AUDIT_SECRET_TOO_SHORT',
    })
  })

  it('stops listening with the application', async () => {
    const audit = await OpenAudit.on(memory)
    await audit.app.close()

    securityEvents.publish({ type: 'test.event', outcome: 'allowed', at: 1 })

    await expect(audit.app.get(AuditLog).flush()).resolves.toBeUndefined()
  })
})
