import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Module } from 'tenon'
import {
  BaseRepository,
  Column,
  DataModule,
  Entity,
  PrimaryColumn,
  Seeders,
  Table,
  UnitOfWork,
  type Migration,
  type QueryRunner,
  type Seed,
  type SeedContext,
} from 'tenon/data'
import { Repository, Seeder, type Class } from 'tenon/decorators'
import { testApp } from 'tenon/testing'

@Entity()
class Plant {
  @PrimaryColumn('integer')
  readonly id!: number

  @Column('integer')
  readonly height!: number
}

@Repository(Plant)
class Plants extends BaseRepository<Plant> {}

class CreatePlant1700000000000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'plant',
        columns: [
          { name: 'id', type: 'integer', isPrimary: true },
          { name: 'height', type: 'integer' },
        ],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('plant')
  }
}

@Seeder()
class SoilSeeder implements Seed {
  run(): void {}
}

@Seeder({ after: [SoilSeeder] })
class PlantSeeder implements Seed {
  readonly #unitOfWork: UnitOfWork

  constructor(unitOfWork: UnitOfWork) {
    this.#unitOfWork = unitOfWork
  }

  async run({ random }: SeedContext): Promise<void> {
    const plants = [1, 2, 3].map((id) => ({ id, height: random.int(1, 1000) }))
    await this.#unitOfWork.manager.insert(Plant, plants)
  }
}

function garden(settings: { url?: string; providers?: readonly Class[] } = {}): Class {
  const { url, providers = [Plants, PlantSeeder, SoilSeeder] } = settings
  @Module({
    imports: [DataModule.with({ migrations: [CreatePlant1700000000000], migrate: false, ...(url ? { url } : {}) })],
    providers,
  })
  class GardenModule {}
  return GardenModule
}

describe('tenon db', () => {
  it('shows, plans, runs and takes back migrations', async () => {
    await using app = await testApp(garden()).boot()
    const run = async (name: string, options = {}): Promise<unknown> =>
      (await app.application.run(name, { options })).data

    expect(await run('db:status')).toEqual({ migrations: [{ name: 'CreatePlant1700000000000', state: 'pending' }] })
    expect(await run('db:plan')).toMatchObject({
      planned: [{ name: 'CreatePlant1700000000000', statements: [expect.stringContaining('CREATE TABLE')] }],
    })
    expect(await run('db:migrate')).toEqual({ migrated: ['CreatePlant1700000000000'] })
    expect(await run('db:migrate')).toEqual({ migrated: [] })
    expect(await run('db:rollback', { force: 'true' })).toEqual({ undone: ['CreatePlant1700000000000'] })
    expect(await run('db:drift')).toMatchObject({ statements: [expect.stringContaining('CREATE TABLE')] })
  })

  it('ends with 1 when the database has drifted, and with 0 when it fits', async () => {
    await using app = await testApp(garden()).boot()

    const before = await app.application.run('db:drift')
    await app.application.run('db:migrate')
    const after = await app.application.run('db:drift')

    expect([before.exitCode, after.exitCode]).toEqual([1, 0])
    expect(after.text).toBe('The database fits the entities.')
  })

  it('writes a migration that makes it fit', async () => {
    await using folder = await temporaryFolder()
    await using app = await testApp(garden()).boot()
    await app.application.run('db:migrate')

    const nothing = await app.application.run('db:generate', {
      arguments: { name: 'nothing-new' },
      options: { folder: folder.path },
    })

    expect(nothing.data).toEqual({ generated: null })
    expect(await readdir(folder.path)).toEqual([])
  })

  it('splits what would break the running version, unless it is to be together', async () => {
    await using folder = await temporaryFolder()
    await using app = await testApp(garden()).boot()
    await app.application.run('db:migrate')
    await app.get(UnitOfWork).manager.query('ALTER TABLE plant ADD COLUMN smell varchar(20) NULL')
    const generate = (options: object) =>
      app.application.run('db:generate', {
        arguments: { name: 'tidy-up' },
        options: { folder: folder.path, ...options },
      })

    await expect(generate({ together: 'true' })).rejects.toMatchObject({ code: 'DATA_MIGRATION_DESTRUCTIVE' })
    const { data, text } = await generate({})

    expect(data).toMatchObject({ generated: { contract: { waits: ['plant.smell is dropped'] } } })
    expect(text).toContain('Run it then by tenon db migrate --contract')
    expect(await readdir(folder.path)).toEqual([expect.stringMatching(/^\d{13}-contract-tidy-up\.ts$/)])
  })

  it('runs what waits only when it is told to', async () => {
    class DropHeight1700000000001 implements Migration {
      static readonly isContract = true

      async up(runner: QueryRunner): Promise<void> {
        await runner.dropColumn('plant', 'height')
      }

      async down(): Promise<void> {}
    }
    await using folder = await temporaryFolder()
    const url = `sqlite:${join(folder.path, 'garden.sqlite')}`
    {
      await using app = await testApp(garden({ url })).boot()
      await app.application.run('db:migrate')
    }
    @Module({
      imports: [
        DataModule.with({ url, migrate: false, migrations: [CreatePlant1700000000000, DropHeight1700000000001] }),
      ],
    })
    class LaterModule {}
    await using app = await testApp(LaterModule).boot()
    const run = async (name: string, options = {}): Promise<unknown> =>
      (await app.application.run(name, { options })).data

    expect(await run('db:migrate')).toEqual({ migrated: [] })
    expect(await run('db:status')).toMatchObject({ migrations: [{ state: 'done' }, { state: 'waiting' }] })
    expect(await run('db:migrate', { contract: 'true' })).toEqual({ migrated: ['DropHeight1700000000001'] })
  })

  it('works on the source that is named', async () => {
    @Module({
      imports: [
        DataModule.with({
          sources: { herbs: { url: 'sqlite::memory:', migrate: false, migrations: [CreatePlant1700000000000] } },
        }),
      ],
    })
    class HerbsModule {}
    await using app = await testApp(HerbsModule).boot()
    const run = async (name: string, options = {}): Promise<unknown> =>
      (await app.application.run(name, { options })).data

    expect(await run('db:status')).toEqual({ migrations: [] })
    expect(await run('db:migrate', { source: 'herbs' })).toEqual({ migrated: ['CreatePlant1700000000000'] })
    expect(await run('db:rollback', { source: 'herbs', force: 'true' })).toEqual({
      undone: ['CreatePlant1700000000000'],
    })
    await expect(run('db:status', { source: 'herb' })).rejects.toMatchObject({ code: 'DATA_SOURCE_UNKNOWN' })
  })

  it.each(['db:rollback', 'db:reset'])('%s loses data only when it is told to', async (name) => {
    await using app = await testApp(garden()).boot()

    await expect(app.application.run(name)).rejects.toMatchObject({
      code: 'DATA_CONSENT_MISSING',
      message: expect.stringContaining('sqlite::memory:'),
    })
  })

  it('drops everything, migrates and seeds', async () => {
    await using app = await testApp(garden()).boot()
    const progress: string[] = []

    await app.application.run('db:migrate')
    await app.application.run('db:seed')
    const { data } = await app.application.run('db:reset', {
      options: { force: 'true', seed: '7' },
      onProgress: (line) => progress.push(line),
    })

    expect(data).toEqual({ seed: 7, seeded: ['SoilSeeder', 'PlantSeeder'] })
    expect(progress).toEqual(['1 migrations have run.', 'Seeding: SoilSeeder', 'Seeding: PlantSeeder'])
    expect(await app.get(Plants).count()).toBe(3)
  })
})

describe('Seeders', () => {
  it('run after those they build on, and make the same rows for the same seed', async () => {
    const rows = await Promise.all([1, 1, 2].map(seeded))

    expect(rows[0]).toEqual(rows[1])
    expect(rows[0]).not.toEqual(rows[2])
  })

  it('are refused while migrations are pending', async () => {
    await using app = await testApp(garden()).boot()

    await expect(app.application.run('db:seed')).rejects.toMatchObject({ code: 'DATA_MIGRATIONS_PENDING' })
  })

  it('leave nothing behind when one fails', async () => {
    @Seeder({ after: [PlantSeeder] })
    class Weeds implements Seed {
      readonly #unitOfWork: UnitOfWork

      constructor(unitOfWork: UnitOfWork) {
        this.#unitOfWork = unitOfWork
      }

      async run(): Promise<void> {
        await this.#unitOfWork.manager.insert(Plant, { id: 99, height: 1 })
        throw new Error('drought')
      }
    }
    await using app = await testApp(garden({ providers: [Plants, SoilSeeder, PlantSeeder, Weeds] })).boot()
    await app.application.run('db:migrate')

    await expect(app.application.run('db:seed')).rejects.toThrow('drought')

    expect(await app.get(Plants).count()).toBe(3)
  })

  it('cannot wait for each other, or for what no module has', async () => {
    const first: Class[] = []
    @Seeder({ after: first })
    class One implements Seed {
      run(): void {}
    }
    @Seeder({ after: [One] })
    class Two implements Seed {
      run(): void {}
    }
    await using alone = await testApp(garden({ providers: [Plants, Two] })).boot()
    await using circle = await testApp(garden({ providers: [Plants, One, Two] })).boot()
    first.push(Two)

    expect(() => alone.get(Seeders).all).toThrow('Two runs after One, which no module provides.')
    expect(() => circle.get(Seeders).all).toThrow('Seeders wait for each other: One -> Two -> One.')
  })
})

/** Heights of the plants that a seed makes. */
async function seeded(seed: number): Promise<readonly number[]> {
  await using app = await testApp(garden()).boot()
  await app.application.run('db:migrate')
  await app.application.run('db:seed', { options: { seed: String(seed) } })
  return (await app.get(Plants).find({ order: { id: 'ASC' } })).map(({ height }) => height)
}

async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'tenon-commands-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
