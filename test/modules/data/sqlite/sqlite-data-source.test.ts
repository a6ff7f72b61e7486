import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'

import { DataSource, type EntityManager } from 'typeorm'

import { SqliteConnection } from '../../../../modules/data/sqlite/sqlite-connection.ts'
import { SqliteDataSource, type SqliteOptions } from '../../../../modules/data/sqlite/sqlite-data-source.ts'
import { Account } from './account.ts'

/** What TypeORM does by itself, on the same connection class. */
function stock(database = ':memory:'): DataSource {
  return new DataSource({
    type: 'better-sqlite3',
    driver: SqliteConnection,
    database,
    entities: [Account],
    synchronize: true,
    enableWAL: true,
  })
}

function ours(options: Partial<SqliteOptions> = {}): SqliteDataSource {
  return new SqliteDataSource({ database: ':memory:', entities: [Account], synchronize: true, ...options })
}

async function open<S extends DataSource>(source: S): Promise<S & AsyncDisposable> {
  await source.initialize()
  return Object.assign(source, {
    [Symbol.asyncDispose]: async () => {
      if (source.isInitialized) await source.destroy()
    },
  })
}

/** Ann's transaction fails after Ben, another caller, has written in between. */
async function writeDuringAFailingTransaction(source: DataSource): Promise<void> {
  const annHasWritten = Promise.withResolvers<void>()
  const benHasAsked = Promise.withResolvers<void>()
  const ann = source.transaction(async (manager) => {
    await manager.insert(Account, { name: 'ann' })
    annHasWritten.resolve()
    await benHasAsked.promise
    throw new Error('ann fails')
  })
  await annHasWritten.promise
  const ben = source.transaction((manager) => manager.insert(Account, { name: 'ben' }))
  for (let turns = 0; turns < 20; turns += 1) await turn()
  benHasAsked.resolve()
  await Promise.allSettled([ann, ben])
}

async function outcome(act: () => unknown): Promise<unknown> {
  try {
    await act()
    return 'done'
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}

const names = async (source: DataSource | EntityManager) =>
  (await source.getRepository(Account).find({ order: { name: 'ASC' } })).map((account) => account.name)

describe('SqliteDataSource', () => {
  describe('transactions of several callers', () => {
    it('keeps what one commits while another rolls back, which TypeORM by itself loses', async () => {
      await using stockSource = await open(stock())
      await using source = await open(ours())

      await writeDuringAFailingTransaction(stockSource)
      await writeDuringAFailingTransaction(source)

      expect(await names(stockSource)).toEqual([])
      expect(await names(source)).toEqual(['ben'])
    })

    it('shows nobody what is not committed yet', async () => {
      await using source = await open(ours())
      const written = Promise.withResolvers<void>()
      const mayFail = Promise.withResolvers<void>()
      const failing = source.transaction(async (manager) => {
        await manager.insert(Account, { name: 'ann' })
        written.resolve()
        await mayFail.promise
        throw new Error('no')
      })
      await written.promise

      const seen = names(source)
      mayFail.resolve()

      await expect(failing).rejects.toThrow('no')
      expect(await seen).toEqual([])
    })

    it('keeps a single statement of another caller, which a rollback would erase', async () => {
      await using source = await open(ours())
      const written = Promise.withResolvers<void>()
      const failing = source.transaction(async (manager) => {
        await manager.insert(Account, { name: 'ann' })
        written.resolve()
        await turn()
        throw new Error('no')
      })
      await written.promise

      await Promise.allSettled([failing, source.getRepository(Account).insert({ name: 'ben' })])

      expect(await names(source)).toEqual(['ben'])
    })

    it('loses no update when many callers read, then write', async () => {
      await using source = await open(ours())
      await source.getRepository(Account).insert({ name: 'till' })

      await Promise.all(
        Array.from({ length: 50 }, () =>
          source.transaction(async (manager) => {
            const till = await manager.findOneByOrFail(Account, { name: 'till' })
            await turn()
            await manager.update(Account, { name: 'till' }, { balance: till.balance + 1 })
          }),
        ),
      )

      expect(await source.getRepository(Account).findOneBy({ name: 'till' })).toEqual({ name: 'till', balance: 50 })
    })

    it('gives every caller a runner of its own', async () => {
      await using source = await open(ours())

      expect(source.createQueryRunner()).not.toBe(source.createQueryRunner())
    })

    it('rolls a nested transaction back to its savepoint and keeps the rest', async () => {
      await using source = await open(ours())

      await source.transaction(async (manager) => {
        await manager.insert(Account, { name: 'outer' })
        const nested = manager.transaction(async (inner) => {
          await inner.insert(Account, { name: 'inner' })
          throw new Error('inner fails')
        })
        await expect(nested).rejects.toThrow('inner fails')
      })

      expect(await names(source)).toEqual(['outer'])
    })

    it('gives up with a named error when another caller does not finish in time', async () => {
      await using source = await open(ours({ lockTimeoutMs: 20 }))
      const mayEnd = Promise.withResolvers<void>()
      const slow = source.transaction(() => mayEnd.promise)

      await expect(names(source)).rejects.toMatchObject({ code: 'DATA_SQLITE_LOCK_TIMEOUT', status: 503 })
      mayEnd.resolve()
      await slow

      expect(await names(source)).toEqual([])
    })
  })

  describe('a call that would wait for itself', () => {
    it('is told so at once when it queries past its transaction', async () => {
      await using source = await open(ours())

      const waiting = source.transaction(async (manager) => {
        await manager.insert(Account, { name: 'ann' })
        await names(source)
      })

      await expect(waiting).rejects.toMatchObject({ code: 'DATA_SQLITE_WAITS_ON_ITSELF' })
      expect(await names(source)).toEqual([])
    })

    it('is told so at once when it begins a second transaction inside the first', async () => {
      await using source = await open(ours())

      const waiting = source.transaction('SERIALIZABLE', () => source.transaction(async () => undefined))

      await expect(waiting).rejects.toMatchObject({ code: 'DATA_SQLITE_WAITS_ON_ITSELF' })
    })

    it('may go on past its transaction once that has ended', async () => {
      await using source = await open(ours())
      let later: Promise<string[]> | undefined
      const ended = Promise.withResolvers<void>()

      await source.transaction(async (manager) => {
        await manager.insert(Account, { name: 'ann' })
        later = ended.promise.then(() => names(source))
      })
      ended.resolve()

      expect(await later).toEqual(['ann'])
    })

    it('is not said of two transactions that only run side by side', async () => {
      await using source = await open(ours())
      const insert = (name: string) => source.transaction((manager) => manager.insert(Account, { name }))

      await Promise.all([insert('ann'), insert('ben')])

      expect(await names(source)).toEqual(['ann', 'ben'])
    })
  })

  describe('a transaction that nobody ends', () => {
    it('is rolled back when its runner is released, and the next caller goes on', async () => {
      await using source = await open(ours())
      const runner = source.createQueryRunner()
      await runner.startTransaction()
      await runner.manager.insert(Account, { name: 'ann' })

      await runner.release()

      expect(await names(source)).toEqual([])
      await expect(runner.query('SELECT 1')).rejects.toThrow(/released/)
    })

    it('cannot be opened by a statement of its own', async () => {
      await using source = await open(ours())

      await expect(source.query('BEGIN')).rejects.toMatchObject({ code: 'DATA_SQLITE_RAW_TRANSACTION' })
      await source.getRepository(Account).insert({ name: 'ann' })

      expect(await names(source)).toEqual(['ann'])
    })

    it('frees the database when its commit fails', async () => {
      await using source = await open(ours())
      await source.query('CREATE TABLE child (parent TEXT REFERENCES account (name) DEFERRABLE INITIALLY DEFERRED)')

      const orphan = source.transaction((manager) => manager.query("INSERT INTO child VALUES ('nobody')"))

      await expect(orphan).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' })
      expect(await source.query('SELECT * FROM child')).toEqual([])
      await source.transaction((manager) => manager.insert(Account, { name: 'ann' }))
      expect(await names(source)).toEqual(['ann'])
    })
  })

  describe('a file', () => {
    const file = () => join(mkdtempSync(join(tmpdir(), 'tenon-sqlite-')), 'deep', 'app.sqlite')

    it('is created with its folder, in WAL mode with foreign keys on', async () => {
      await using source = await open(ours({ database: file() }))

      expect(await source.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
      expect(await source.query('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1 }])
      expect(await source.query('PRAGMA busy_timeout')).toEqual([{ timeout: 5000 }])
    })

    it('is locked from the start of a transaction, so that its later write cannot be refused as TypeORM by itself has it', async () => {
      const readThenWrite = async (source: DataSource, database: string) => {
        const other = new SqliteConnection(database)
        return source.transaction(async (manager) => {
          await names(manager)
          const meanwhile = await outcome(() => other.execUnlessBusy("INSERT INTO account (name) VALUES ('other')"))
          return { meanwhile, own: await outcome(() => manager.insert(Account, { name: 'own' })) }
        })
      }
      const [stockFile, ourFile] = [file(), file()]
      await using stockSource = await open(stock(stockFile))
      await using source = await open(ours({ database: ourFile }))

      expect(await readThenWrite(stockSource, stockFile)).toEqual({ meanwhile: 'done', own: 'SQLITE_BUSY_SNAPSHOT' })
      expect(await readThenWrite(source, ourFile)).toEqual({ meanwhile: 'SQLITE_BUSY', own: 'done' })
    })

    it('gives up beginning with SQLITE_BUSY when another connection does not end, and works afterwards', async () => {
      const database = file()
      await using source = await open(ours({ database, lockTimeoutMs: 20 }))
      const other = new SqliteConnection(database)
      other.exec('BEGIN IMMEDIATE')

      const insert = () => source.transaction((manager) => manager.insert(Account, { name: 'ann' }))
      await expect(insert()).rejects.toMatchObject({ code: 'SQLITE_BUSY' })
      other.exec('COMMIT')
      await insert()

      expect(await names(source)).toEqual(['ann'])
    })

    it('finishes the transaction that is running before it closes', async () => {
      const database = file()
      const source = await open(ours({ database }))
      const begun = Promise.withResolvers<void>()
      const running = source.transaction(async (manager) => {
        begun.resolve()
        await turn()
        await manager.insert(Account, { name: 'ann' })
      })
      await begun.promise

      const closed = source.destroy()
      await expect(names(source)).rejects.toMatchObject({ code: 'DATA_SQLITE_CLOSED' })
      await Promise.all([running, closed])

      await using again = await open(ours({ database }))
      expect(await names(again)).toEqual(['ann'])
    })
  })

  it('turns foreign keys back on after a migration that fails', async () => {
    class Breaks1700000000000 {
      async up(): Promise<void> {
        throw new Error('half way')
      }
      async down(): Promise<void> {}
    }
    await using source = await open(ours({ migrations: [Breaks1700000000000] }))

    await expect(source.runMigrations()).rejects.toThrow('half way')

    expect(await source.query('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1 }])
  })

  it('reports a broken constraint by the name that TypeORM users know', async () => {
    await using source = await open(ours())
    await source.getRepository(Account).insert({ name: 'ann' })

    await expect(source.getRepository(Account).insert({ name: 'ann' })).rejects.toMatchObject({
      code: 'SQLITE_CONSTRAINT_PRIMARYKEY',
      driverError: { message: 'UNIQUE constraint failed: account.name' },
    })
  })
})
