import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { runMigrations } from '../../../modules/data/run-migrations.ts'
import { SqliteConnection } from '../../../modules/data/sqlite/sqlite-connection.ts'
import { openData } from './open-data.ts'
import { inProcesses } from './programs/in-processes.ts'
import { CreateNotes1751328000000 } from './tickets.ts'

const file = () => join(mkdtempSync(join(tmpdir(), 'tenon-data-')), 'app.sqlite')

describe('runMigrations', () => {
  it('runs each migration once when two processes start together on one SQLite file', async () => {
    const path = file()

    const logged = await inProcesses<string[]>('start-and-migrate.js', 2, `sqlite:${path}`)

    const [busy, idle] = logged.toSorted((one, other) => other.length - one.length)
    expect(busy).toEqual(['Migrated: CreateNotes1751328000000', 'Migrated: FillNotes1751328000001'])
    expect(idle).toEqual([])
    expect(new SqliteConnection(path).prepare('SELECT text FROM note').all()).toEqual([{ text: 'first' }])
  })

  it('gives up with a named error when another process keeps migrating', async () => {
    const path = file()
    await using data = await openData({
      url: `sqlite:${path}`,
      migrations: [CreateNotes1751328000000],
      migrate: false,
      synchronize: false,
    })
    const { source } = data.database
    Object.assign(source.driver, { lockTimeoutMs: 1 })
    const other = new SqliteConnection(path)
    other.exec('BEGIN IMMEDIATE')

    await expect(runMigrations(source, 1)).rejects.toMatchObject({ code: 'DATA_MIGRATION_LOCK_TIMEOUT' })
    other.exec('ROLLBACK')

    expect(await source.query('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1 }])
    expect(await runMigrations(source)).toEqual(['CreateNotes1751328000000'])
  })
})
