/** Four processes that write to one log at the same time: one chain, nothing lost, each in its own order. */
import { fork } from 'node:child_process'
import { once } from 'node:events'

import { AuditEntry } from 'tenon/audit'
import { Database } from 'tenon/data'

import { onEveryDatabase } from '../data/on-every-database.ts'
import { OpenAudit } from './open-audit.ts'

const PROCESSES = 4
const EVENTS = process.env['FULL'] === '1' ? 5000 : 250

async function writeInProcesses(url: string, ends: readonly ('stop' | 'kill')[]): Promise<void> {
  const children = ends.map((end) =>
    fork(new URL('programs/write-events.js', import.meta.url), [String(EVENTS), end], {
      env: { PATH: process.env['PATH'], TENON_ENV: 'test', LOG_LEVEL: 'error', DATABASE_URL: url },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    }),
  )
  const exits = children.map((child) => once(child, 'exit'))
  await Promise.all(children.map((child) => once(child, 'message')))
  for (const child of children) child.send('go')
  await Promise.all(exits)
}

onEveryDatabase('Four processes', (database) => {
  // A database in memory belongs to one process.
  if (database.name === 'SQLite in memory') return
  it('write one chain, whole and in order, and the one that is killed can be seen', async () => {
    const { url, ...created } = await database.create()
    await using _created = { [Symbol.asyncDispose]: created[Symbol.asyncDispose] }

    await writeInProcesses(url, ['stop', 'stop', 'stop', 'kill'])

    await using audit = await OpenAudit.on(database, {}, url)
    const found = await audit.verify()
    expect(found).toMatchObject({ isIntact: true, entries: PROCESSES * (EVENTS + 2) - 1 })
    expect(found.openWriters).toHaveLength(1)
    const entries = await audit.app.get(Database).source.manager.find(AuditEntry, { order: { seq: 'ASC' } })
    const byProcess = Map.groupBy(
      entries.filter(({ type }) => type === 'test.event'),
      ({ subject }) => subject?.split('-')[0],
    )
    expect([...byProcess.values()].map((own) => own.map(({ at }) => Number(at)))).toEqual(
      Array.from({ length: PROCESSES }, () => Array.from({ length: EVENTS }, (_, index) => index)),
    )
  })
})
