/** What somebody may do to the audit log who can write to its database. The control is the log that nobody touched. */
import { securityEvents } from 'tenon'
import { AuditEntry } from 'tenon/audit'
import { Database } from 'tenon/data'

import { AuditHead } from '../../../../modules/audit/audit-entry.ts'
import { hashEntry } from '../../../../modules/audit/hash-entry.ts'
import { onEveryDatabase } from '../../data/on-every-database.ts'
import { OpenAudit } from '../open-audit.ts'

const SECRET = 'a secret that is long enough to be one'
/** The mark of the writer stands first. */
const ENTRIES = 10

/** Makes the hashes of all entries anew, as somebody who knows how. */
async function makeChainAnew(audit: OpenAudit): Promise<void> {
  const { manager } = audit.app.get(Database).source
  let hash = '0'.repeat(64)
  for (const entry of await manager.find(AuditEntry, { order: { seq: 'ASC' } })) {
    hash = hashEntry(hash, entry, undefined)
    await manager.update(AuditEntry, { seq: entry.seq }, { hash })
  }
  await audit.sql(`UPDATE audit_head SET hash = '${hash}' WHERE id = 1`)
}

/** Puts back what was there. */
async function restore(audit: OpenAudit, entries: readonly AuditEntry[], head: AuditHead): Promise<void> {
  const { manager } = audit.app.get(Database).source
  await audit.sql('DELETE FROM audit_entry')
  await manager.insert(AuditEntry, [...entries])
  await manager.update(AuditHead, { id: 1 }, { seq: head.seq, hash: head.hash })
}

// Making databases takes longer than all the rest: one for each kind, put back after every attack.
onEveryDatabase('Somebody who writes to the audit log', (database) => {
  let audit: OpenAudit
  let entries: readonly AuditEntry[]
  let head: AuditHead
  beforeAll(async () => {
    audit = await OpenAudit.on(database)
    await audit.write(ENTRIES - 1)
    const { manager } = audit.app.get(Database).source
    entries = await manager.find(AuditEntry, { order: { seq: 'ASC' } })
    head = await manager.findOneByOrFail(AuditHead, { id: 1 })
  })
  afterAll(() => audit[Symbol.asyncDispose]())

  it('control: nobody has touched it', async () => {
    expect(await audit.verify()).toMatchObject({ isIntact: true, entries: ENTRIES })
  })

  it('is refused by the database itself, where it can', async () => {
    const isGuarded = database.kind !== 'mariadb'

    const [change] = await Promise.allSettled([audit.sql(`UPDATE audit_entry SET outcome = 'refused' WHERE seq = 4`)])

    expect(change.status).toBe(isGuarded ? 'rejected' : 'fulfilled')
    expect((await audit.verify()).isIntact).toBe(isGuarded)
    await audit.disarm()
    await restore(audit, entries, head)
  })

  it.each([
    ['changes what happened', `UPDATE audit_entry SET outcome = 'refused' WHERE seq = 4`, [4], 'was changed'],
    ['changes who did it', `UPDATE audit_entry SET principal = 'bob' WHERE seq = 4`, [4], 'was changed'],
    ['changes when', 'UPDATE audit_entry SET at = at + 1 WHERE seq = 4', [4], 'was changed'],
    ['moves a text', `UPDATE audit_entry SET subject = NULL, reason = 's-2' WHERE seq = 4`, [4], 'was changed'],
    [
      'changes the hash alone',
      `UPDATE audit_entry SET hash = '${'a'.repeat(64)}' WHERE seq = 4`,
      [4, 5],
      'was changed',
    ],
    ['removes an entry', 'DELETE FROM audit_entry WHERE seq = 4', [4], 'is missing'],
    ['removes several', 'DELETE FROM audit_entry WHERE seq BETWEEN 4 AND 6', [4], 'to 6 are missing'],
    ['removes the beginning', 'DELETE FROM audit_entry WHERE seq < 4', [1], 'to 3 are missing'],
    ['cuts off the end', 'DELETE FROM audit_entry WHERE seq > 7', [8], 'to 10 are missing'],
    ['removes everything', 'DELETE FROM audit_entry', [1], 'to 10 are missing'],
    ['sets back the head alone', 'UPDATE audit_head SET seq = 7 WHERE id = 1', [8], 'stands behind the end'],
    ['changes the head', `UPDATE audit_head SET hash = '${'a'.repeat(64)}' WHERE id = 1`, [10], 'is not the end'],
    [
      'appends an entry of its own',
      `INSERT INTO audit_entry (seq, at, type, outcome, hash) VALUES (11, 1, 'x', 'allowed', '${'a'.repeat(64)}')`,
      [11],
      'was changed',
    ],
  ])('is found out when it %s', async (_name, statement, seqs, what) => {
    await audit.sql(statement)

    const { isIntact, faults } = await audit.verify()
    await restore(audit, entries, head)

    expect(isIntact).toBe(false)
    expect(faults.slice(0, seqs.length).map(({ seq }) => seq)).toEqual(seqs)
    expect(faults[0]?.what).toContain(what)
    expect((await audit.verify()).isIntact).toBe(true)
  })

  it('is found out when it swaps two entries', async () => {
    await audit.sql('UPDATE audit_entry SET seq = 99 WHERE seq = 4')
    await audit.sql('UPDATE audit_entry SET seq = 4 WHERE seq = 5')
    await audit.sql('UPDATE audit_entry SET seq = 5 WHERE seq = 99')

    const { faults } = await audit.verify()
    await restore(audit, entries, head)

    expect(faults.map(({ seq }) => seq)).toEqual([4, 5, 6])
  })

  it('is found out by a checkpoint alone when it cuts off the end and sets back the head', async () => {
    const { checkpoint } = await audit.verify()
    await audit.sql('DELETE FROM audit_entry WHERE seq > 7')
    await audit.sql('UPDATE audit_head SET seq = 7, hash = (SELECT hash FROM audit_entry WHERE seq = 7) WHERE id = 1')

    const [alone, anchored] = [await audit.verify(), await audit.verify(checkpoint)]
    await restore(audit, entries, head)

    // A chain cannot know what it never had: this is what checkpoints are for.
    expect(alone.isIntact).toBe(true)
    expect(anchored.faults).toEqual([{ seq: 10, what: 'of the checkpoint is missing' }])
  })

  it('is found out by a checkpoint when it makes the whole chain anew', async () => {
    const { checkpoint } = await audit.verify()
    await audit.sql(`UPDATE audit_entry SET principal = 'bob' WHERE seq = 4`)
    await makeChainAnew(audit)

    const [alone, anchored] = [await audit.verify(), await audit.verify(checkpoint)]
    await restore(audit, entries, head)

    expect(alone.isIntact).toBe(true)
    expect(anchored.faults.map(({ seq }) => seq)).toEqual([10])
  })
})

describe('Somebody who is written about', () => {
  const memory = {
    create: () => Promise.resolve({ url: 'sqlite::memory:', [Symbol.asyncDispose]: () => Promise.resolve() }),
  }

  it('is not helped by somebody who makes the whole chain anew without the secret', async () => {
    await using audit = await OpenAudit.on(memory, { secret: SECRET })
    await audit.write(5)
    const before = await audit.verify()
    await audit.disarm()
    await audit.sql(`UPDATE audit_entry SET principal = 'bob' WHERE seq = 4`)

    await makeChainAnew(audit)

    expect(before.isIntact).toBe(true)
    expect((await audit.verify()).isIntact).toBe(false)
  })

  it.each([
    ['a line break', 'ada\n{"type":"accounts.login","outcome":"allowed"}'],
    ['a carriage return', 'ada\rallowed'],
    ['an escape sequence', '\u001B[2Jada'],
    ['a quote', '","outcome":"allowed'],
    ['SQL', `ada', 'allowed'); DELETE FROM audit_entry; --`],
    ['a NUL', 'ada\0'],
    ['text from right to left', '\u202Eada'],
    ['a lone half of a character', '\uD800'],
    ['a text without end', 'a'.repeat(100_000)],
  ])('does not add or change an entry by %s in a name', async (_name, subject) => {
    await using audit = await OpenAudit.on(memory)

    securityEvents.publish({ type: 'accounts.login', outcome: 'refused', subject, at: 1, details: { subject } })
    await audit.log.flush()

    const entries = await audit.app.get(Database).source.manager.find(AuditEntry, { order: { seq: 'ASC' } })
    expect(entries.map(({ type, outcome }) => [type, outcome])).toEqual([
      ['audit.opened', 'allowed'],
      ['accounts.login', 'refused'],
    ])
    expect(entries[1]?.subject?.length).toBeLessThanOrEqual(400)
    expect(await audit.verify()).toMatchObject({ isIntact: true })
  })

  it('does not take a name for another writer: only marks open and close', async () => {
    await using audit = await OpenAudit.on(memory)

    securityEvents.publish({ type: 'accounts.login', outcome: 'refused', subject: 'x', at: 1 })
    await audit.log.flush()

    expect((await audit.verify()).openWriters).toHaveLength(1)
  })
})
