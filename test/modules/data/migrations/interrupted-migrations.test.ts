import { fork } from 'node:child_process'
import { once } from 'node:events'

import { Migrations } from 'tenon/data'

import { onEveryDatabase } from '../on-every-database.ts'
import { openData, type OpenData } from '../open-data.ts'
import { interruptible, STATEMENTS } from './interruptible.ts'

const CUTS = process.env['FULL'] === '1' ? [0, 1, 2, 3, 4, 5, 6] : [1, 3, 5]

const never = (): Promise<void> => Promise.resolve()

const open = (url: string): Promise<OpenData> =>
  openData({ url, entities: [], migrations: interruptible(-1, never), migrate: false, synchronize: false })

/** Migrates in a process that is killed, with no chance to tidy up, after so many statements. */
async function killAfter(statements: number, url: string): Promise<void> {
  const program = new URL('../programs/migrate-until-told.js', import.meta.url)
  const child = fork(program, [url, String(statements)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  try {
    await once(child, 'message', { signal: AbortSignal.timeout(30_000) })
  } finally {
    child.kill('SIGKILL')
    await exited
  }
}

onEveryDatabase('A process that is killed while it migrates', ({ name, kind, create }) => {
  // A database in memory ends with its process; and SQLite has no CONCAT before 3.44.
  if (name === 'SQLite in memory') return

  it.each(CUTS)('leaves what status explains and the next run repairs, after %i statements', async (statements) => {
    await using database = await create()
    await killAfter(statements, database.url)
    await using data = await open(database.url)
    const migrations = new Migrations(data.database)

    const [, half] = await migrations.status()
    const isHalfDone = kind === 'mariadb' && statements > 0
    expect(half).toMatchObject({
      name: 'CreateShelves1751328000001',
      state: isHalfDone ? 'interrupted' : 'pending',
      ...(isHalfDone && { interruption: { direction: 'up', statementsDone: statements, stoppedIn: undefined } }),
    })

    await migrations.run()

    expect((await migrations.status()).map(({ state }) => state)).toEqual(['done', 'done'])
    const rows = await data.database.source.query('SELECT label, colour FROM shelf ORDER BY id')
    expect(rows.map((row: object) => ({ ...row }))).toEqual([
      { label: 'first!', colour: 'grey' },
      { label: 'second!', colour: 'red' },
    ])
  })
})

onEveryDatabase('A migration that is interrupted', ({ kind, create }) => {
  // The others take back what was not finished.
  if (kind !== 'mariadb') return

  it('is continued where a statement was run and could not be noted any more', async () => {
    await using database = await create()
    await killAfter(3, database.url)
    await using data = await open(database.url)
    const { source } = data.database
    // As if the process had been killed within its third statement, which the server has run.
    await source.query('UPDATE tenon_migration_steps SET done = FALSE WHERE statement LIKE ?', ['ALTER%'])
    const migrations = new Migrations(data.database)

    const [, half] = await migrations.status()
    await migrations.run()

    expect(half?.interruption).toMatchObject({ statementsDone: 2, stoppedIn: STATEMENTS[2] })
    expect((await migrations.status()).map(({ state }) => state)).toEqual(['done', 'done'])
  })

  it('is still told when a statement fails for another reason', async () => {
    await using database = await create()
    await killAfter(4, database.url)
    await using data = await open(database.url)
    await data.database.source.query('DROP TABLE shelf')

    await expect(new Migrations(data.database).run()).rejects.toThrow(/shelf/)
  })

  it('is taken back in two goes as well', async () => {
    await using database = await create()
    await using data = await open(database.url)
    const migrations = new Migrations(data.database)
    await migrations.run()
    let isFirst = true
    const failOnce = (): Promise<void> => {
      if (!isFirst) return Promise.resolve()
      isFirst = false
      return Promise.reject(new Error('The plug was pulled.'))
    }
    await using other = await openData({
      url: database.url,
      entities: [],
      migrations: interruptible(-1, failOnce),
      migrate: false,
      synchronize: false,
    })
    const rollingBack = new Migrations(other.database)

    await expect(rollingBack.rollback()).rejects.toThrow('The plug was pulled.')
    const [, half] = await rollingBack.status()
    const undone = await rollingBack.rollback()

    expect(half).toMatchObject({ state: 'interrupted', interruption: { direction: 'down', statementsDone: 1 } })
    expect(undone).toEqual(['CreateShelves1751328000001'])
    expect((await rollingBack.status()).map(({ state }) => state)).toEqual(['done', 'pending'])
  })
})
