import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { SqliteConnection } from '../../../../modules/data/sqlite/sqlite-connection.ts'
import { inProcesses } from '../programs/in-processes.ts'

interface Result {
  readonly committed: number
  readonly refused: number
}

const TIMES = 100

describe('two processes on one SQLite file', () => {
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
