import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Migrations } from 'tenon/data'

import { makeData, type DataSettings, type OpenData } from '../open-data.ts'
import { createDatabase, SERVERS, whyNot, type ServerDatabase } from '../servers.ts'
import { CHANGES, entitiesOf, type Change, type EntityClass, type Row } from './changes.ts'

async function open(settings: DataSettings): Promise<OpenData & { readonly migrations: Migrations }> {
  const data = makeData(settings)
  await data.database.open()
  return Object.assign(data, { migrations: new Migrations(data.database) })
}

async function rowsOf(data: OpenData, entity: EntityClass): Promise<Row[]> {
  const rows = await data.database.source.getRepository<Row>(entity).find({ order: { id: 'ASC' } })
  return rows.map((row) => ({ ...row }))
}

/** @returns The rows once the change is taken back. */
async function goThereAndBack(change: Change, url: string, self: string, kind: string): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tenon-migrations-'))
  const before = entitiesOf(change.before, self, kind)
  const after = entitiesOf(change.after, self, kind)
  const rows = change.rows ?? []
  const [was] = change.before ? before : []
  {
    await using data = await open({ url, entities: before, synchronize: true })
    if (was) await data.database.source.getRepository<Row>(was).insert([...rows])
    expect((await data.migrations.drift()).statements).toEqual([])
  }
  {
    await using data = await open({ url, entities: after })
    const options = { name: 'change-it', folder }
    if (change.destructive) {
      await expect(data.migrations.generate(options)).rejects.toMatchObject({ code: 'DATA_MIGRATION_DESTRUCTIVE' })
    }
    const migration = await data.migrations.generate({ ...options, destructive: change.destructive ?? false })
    // MariaDB of TypeORM knows no checks.
    if (migration === undefined) expect([kind, change.after.check === undefined]).toEqual(['mariadb', false])
  }
  {
    await using data = await open({ url, entities: after, migrationsFolder: folder })
    expect(await rowsOf(data, after[0] as EntityClass)).toEqual(change.afterRows ?? rows)
    expect((await data.migrations.drift()).statements).toEqual([])
    await data.migrations.rollback()
  }
  await using data = await open({ url, entities: before })
  expect((await data.migrations.drift()).statements).toEqual([])
  return was ? await rowsOf(data, was) : []
}

const suites = [
  ['SQLite', 'sqlite', undefined],
  ['PostgreSQL', 'postgres', SERVERS.PostgreSQL],
  ['MariaDB', 'mariadb', SERVERS.MariaDB],
] as const

for (const [name, kind, server] of suites) {
  const reason = server === undefined ? undefined : await whyNot(server)
  const suite = reason === undefined || process.env['CI'] === 'true' ? describe : describe.skip

  suite(`Generated migrations on ${name}${reason === undefined ? '' : ` (not there: ${reason})`}`, () => {
    // One database for all: each change has tables of its own, and takes its migration back.
    let shared: ServerDatabase | undefined
    beforeAll(async () => {
      shared = server === undefined ? undefined : await createDatabase(server)
    })
    afterAll(() => shared?.[Symbol.asyncDispose]())

    it.each(CHANGES.map((change, number) => [change.name, change, number] as const))(
      'can %s, forward and back, with the rows kept',
      async (_name, change, number) => {
        const url = shared?.url ?? `sqlite:${join(mkdtempSync(join(tmpdir(), 'tenon-migrations-')), 'app.sqlite')}`

        const rows = await goThereAndBack(change, url, `change_${number}`, kind)

        expect(rows).toEqual(change.backRows ?? change.rows ?? [])
      },
    )
  })
}
