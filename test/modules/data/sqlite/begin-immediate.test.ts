import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { beginImmediate } from '../../../../modules/data/sqlite/begin-immediate.ts'
import { SqliteConnection } from '../../../../modules/data/sqlite/sqlite-connection.ts'

function twoOnOneFile(): readonly [SqliteConnection, SqliteConnection] {
  const file = join(mkdtempSync(join(tmpdir(), 'tenon-sqlite-')), 'x.sqlite')
  return [new SqliteConnection(file), new SqliteConnection(file)]
}

describe('beginImmediate', () => {
  it('waits for the write lock without blocking the thread that has to free it', async () => {
    const [ours, other] = twoOnOneFile()
    other.exec('BEGIN IMMEDIATE')

    const begun = beginImmediate(ours, 30_000)
    expect(ours.inTransaction).toBe(false)
    other.exec('COMMIT')
    await begun

    expect(ours.inTransaction).toBe(true)
    expect(() => other.execUnlessBusy('BEGIN IMMEDIATE')).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY' }))
  })

  it('gives up with SQLITE_BUSY when the lock is not freed in time', async () => {
    const [ours, other] = twoOnOneFile()
    other.exec('BEGIN IMMEDIATE')

    await expect(beginImmediate(ours, 20)).rejects.toMatchObject({ code: 'SQLITE_BUSY' })
  })

  it('does not try again after another failure', async () => {
    const [ours] = twoOnOneFile()
    await beginImmediate(ours, 30_000)

    await expect(beginImmediate(ours, 30_000)).rejects.toThrow('cannot start a transaction within a transaction')
  })
})
