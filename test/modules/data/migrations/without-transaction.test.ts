import { Migrations, type Migration, type QueryRunner } from 'tenon/data'

import { onEveryDatabase } from '../on-every-database.ts'
import { makeData } from '../open-data.ts'

class CreateStamps1751328000000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE stamp (id INTEGER PRIMARY KEY, place VARCHAR(100) NOT NULL)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE stamp')
  }
}

/** PostgreSQL refuses it in a transaction. */
class IndexStamps1751328000001 implements Migration {
  readonly transaction = false

  async up(runner: QueryRunner): Promise<void> {
    const concurrently = runner.dataSource.options.type === 'postgres' ? 'CONCURRENTLY' : ''
    await runner.query(`CREATE INDEX ${concurrently} stamp_place ON stamp (place)`)
  }

  async down(runner: QueryRunner): Promise<void> {
    const { type } = runner.dataSource.options
    const where = type === 'mariadb' ? 'ON stamp' : ''
    await runner.query(`DROP INDEX ${type === 'postgres' ? 'CONCURRENTLY' : ''} stamp_place ${where}`)
  }
}

class FillStamps1751328000002 implements Migration {
  static fails = false

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`INSERT INTO stamp (id, place) VALUES (1, 'Oslo')`)
    if (FillStamps1751328000002.fails) throw new Error('half way')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM stamp')
  }
}

const ALL = [CreateStamps1751328000000, IndexStamps1751328000001, FillStamps1751328000002]

async function open(url: string) {
  const data = makeData({ url, entities: [], migrations: ALL, migrate: false })
  await data.database.open()
  return Object.assign(data, { migrations: new Migrations(data.database) })
}

onEveryDatabase('A migration without a transaction', ({ kind, create }) => {
  it('is run by itself between the others, and taken back by itself', async () => {
    await using database = await create()
    await using data = await open(database.url)
    const { migrations } = data

    expect(await migrations.run()).toEqual(ALL.map(({ name }) => name))
    expect(await migrations.run()).toEqual([])
    expect(await data.database.source.query('SELECT place FROM stamp')).toEqual([{ place: 'Oslo' }])

    expect(await migrations.rollback({ steps: 3 })).toEqual(ALL.map(({ name }) => name).toReversed())
    expect((await migrations.status()).map(({ state }) => state)).toEqual(['pending', 'pending', 'pending'])
  })

  it('keeps what stood before it when a later one fails', async () => {
    await using database = await create()
    await using data = await open(database.url)
    const { migrations } = data
    const states = async () => (await migrations.status()).map(({ state }) => state)

    FillStamps1751328000002.fails = true
    try {
      await expect(migrations.run()).rejects.toThrow('half way')
    } finally {
      FillStamps1751328000002.fails = false
    }

    const last = kind === 'mariadb' ? 'interrupted' : 'pending'
    // SQLite has all of them in one transaction.
    expect(await states()).toEqual(kind === 'sqlite' ? ['pending', 'pending', 'pending'] : ['done', 'done', last])
    expect((await migrations.run()).at(-1)).toBe('FillStamps1751328000002')
    expect(await states()).toEqual(['done', 'done', 'done'])
  })
})
