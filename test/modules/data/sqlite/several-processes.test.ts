import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

import { SqliteConnection } from '../../../../modules/data/sqlite/sqlite-connection.ts'
import { inProcesses } from '../programs/in-processes.ts'

interface Result {
  readonly committed: number
  readonly refused: number
}

const TIMES = 100

/** Writes for a while, beside whoever wants to change the journal. */
const WRITER = `
  const { DatabaseSync } = require('node:sqlite')
  const { parentPort, workerData } = require('node:worker_threads')
  const database = new DatabaseSync(workerData)
  database.exec('BEGIN IMMEDIATE')
  parentPort.postMessage('writing')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  database.exec('COMMIT')
`

describe('two processes on one SQLite file', () => {
  it('both open it when it is new: changing the journal waits for writers', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'tenon-sqlite-')), 'new.sqlite')
    const connection = new SqliteConnection(file)
    connection.exec('CREATE TABLE counter (value INTEGER)')
    const writer = new Worker(WRITER, { eval: true, workerData: file })
    await once(writer, 'message')

    expect(connection.pragma('journal_mode = WAL')).toEqual([{ journal_mode: 'wal' }])
    await once(writer, 'exit')
  })

  it('commit every transaction, and none undoes the work of another', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'tenon-sqlite-')), 'counter.sqlite')
    const connection = new SqliteConnection(file)
    connection.pragma('journal_mode = WAL')
    connection.exec('CREATE TABLE counter (value INTEGER); INSERT INTO counter VALUES (0)')

    const results = await inProcesses<Result>('count-up.js', 2, file, String(TIMES))

    expect(results).toEqual([
      { committed: TIMES, refused: 0 },
      { committed: TIMES, refused: 0 },
    ])
    expect(connection.prepare('SELECT value FROM counter').all()).toEqual([{ value: 2 * TIMES }])
  })
})
