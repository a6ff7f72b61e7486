import { mkdtempSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Column, Entity, Migrations, PrimaryColumn, RenamedFrom, type Migration } from 'tenon/data'
import type { Class } from 'tenon/decorators'

import { onEveryDatabase } from '../on-every-database.ts'
import { makeData, type DataSettings, type OpenData } from '../open-data.ts'

type Row = Record<string, unknown> & { readonly id: number }

/** One entity in the words of two versions of an application. */
interface Case {
  readonly name: string
  readonly before: Class<Row>
  readonly after: Class<Row>
  /** What the version before has written. */
  readonly rows: readonly Row[]
  /** What both versions write while both run, and what each of them reads then. */
  readonly written: { readonly before: Row; readonly after: Row }
  readonly read: { readonly before: readonly Row[]; readonly after: readonly Row[] }
  /** After the contract. */
  readonly contracted: readonly Row[]
  /** After both are taken back. */
  readonly back: readonly Row[]
  readonly waits: readonly string[]
  /** What they change then, and what the other one reads of it. */
  readonly changed?: { readonly before: Row; readonly after: Row }
  /** How many are taken back. Default: all. */
  readonly backTo?: number
}

function renamed(): Case {
  @Entity('renamed')
  class Before {
    @PrimaryColumn('integer') id!: number
    @Column({ length: 50 }) title!: string
  }
  @Entity('renamed')
  class After {
    @PrimaryColumn('integer') id!: number
    @RenamedFrom('title') @Column({ length: 50 }) heading!: string
  }
  return {
    name: 'a column is renamed',
    before: Before as never,
    after: After as never,
    rows: [{ id: 1, title: 'one' }],
    written: { before: { id: 2, title: 'two' }, after: { id: 3, heading: 'three' } },
    read: {
      before: [
        { id: 1, title: 'one' },
        { id: 2, title: 'two' },
        { id: 3, title: 'three' },
      ],
      after: [
        { id: 1, heading: 'one' },
        { id: 2, heading: 'two' },
        { id: 3, heading: 'three' },
      ],
    },
    contracted: [
      { id: 1, heading: 'one' },
      { id: 2, heading: 'two' },
      { id: 3, heading: 'three' },
    ],
    back: [
      { id: 1, title: 'one' },
      { id: 2, title: 'two' },
      { id: 3, title: 'three' },
    ],
    waits: ['renamed.title is replaced by heading'],
    changed: { before: { id: 1, title: 'ONE' }, after: { id: 1, heading: 'ONE' } },
  }
}

function dropped(): Case {
  @Entity('dropped')
  class Before {
    @PrimaryColumn('integer') id!: number
    @Column({ length: 50 }) title!: string
    @Column({ length: 50 }) note!: string
  }
  @Entity('dropped')
  class After {
    @PrimaryColumn('integer') id!: number
    @Column({ length: 50 }) title!: string
  }
  return {
    name: 'a required column is dropped',
    before: Before as never,
    after: After as never,
    rows: [{ id: 1, title: 'one', note: 'a' }],
    written: { before: { id: 2, title: 'two', note: 'b' }, after: { id: 3, title: 'three' } },
    read: {
      before: [
        { id: 1, title: 'one', note: 'a' },
        { id: 2, title: 'two', note: 'b' },
        { id: 3, title: 'three', note: null },
      ],
      after: [
        { id: 1, title: 'one' },
        { id: 2, title: 'two' },
        { id: 3, title: 'three' },
      ],
    },
    contracted: [
      { id: 1, title: 'one' },
      { id: 2, title: 'two' },
      { id: 3, title: 'three' },
    ],
    back: [
      { id: 1, title: 'one', note: null },
      { id: 2, title: 'two', note: null },
      { id: 3, title: 'three', note: null },
    ],
    // What was dropped is gone, and cannot be required again.
    backTo: 1,
    waits: ['dropped.note is dropped'],
  }
}

function narrowed(): Case {
  @Entity('narrowed')
  class Before {
    @PrimaryColumn('integer') id!: number
    @Column({ length: 50 }) title!: string
  }
  @Entity('narrowed')
  class After {
    @PrimaryColumn('integer') id!: number
    @Column({ length: 20 }) title!: string
    @Column({ length: 50, default: 'open' }) state!: string
  }
  return {
    name: 'a column holds less',
    before: Before as never,
    after: After as never,
    rows: [{ id: 1, title: 'one' }],
    written: { before: { id: 2, title: 'two' }, after: { id: 3, title: 'three', state: 'new' } },
    read: {
      before: [
        { id: 1, title: 'one' },
        { id: 2, title: 'two' },
        { id: 3, title: 'three' },
      ],
      after: [
        { id: 1, title: 'one', state: 'open' },
        { id: 2, title: 'two', state: 'open' },
        { id: 3, title: 'three', state: 'new' },
      ],
    },
    contracted: [
      { id: 1, title: 'one', state: 'open' },
      { id: 2, title: 'two', state: 'open' },
      { id: 3, title: 'three', state: 'new' },
    ],
    back: [
      { id: 1, title: 'one' },
      { id: 2, title: 'two' },
      { id: 3, title: 'three' },
    ],
    waits: ['narrowed.title holds less'],
  }
}

function required(): Case {
  @Entity('required')
  class Before {
    @PrimaryColumn('integer') id!: number
    @Column({ type: 'varchar', length: 50, nullable: true }) title!: string | null
  }
  @Entity('required')
  class After {
    @PrimaryColumn('integer') id!: number
    @Column({ length: 50 }) title!: string
  }
  return {
    name: 'a column becomes required',
    before: Before as never,
    after: After as never,
    rows: [{ id: 1, title: 'one' }],
    written: { before: { id: 2, title: 'two' }, after: { id: 3, title: 'three' } },
    read: {
      before: [
        { id: 1, title: 'one' },
        { id: 2, title: 'two' },
        { id: 3, title: 'three' },
      ],
      after: [
        { id: 1, title: 'one' },
        { id: 2, title: 'two' },
        { id: 3, title: 'three' },
      ],
    },
    contracted: [
      { id: 1, title: 'one' },
      { id: 2, title: 'two' },
      { id: 3, title: 'three' },
    ],
    back: [
      { id: 1, title: 'one' },
      { id: 2, title: 'two' },
      { id: 3, title: 'three' },
    ],
    waits: ['required.title becomes required'],
  }
}

/** With one that has run, it is no new database. */
class Begin1700000000000 implements Migration {
  up(): Promise<void> {
    return Promise.resolve()
  }

  down(): Promise<void> {
    return Promise.resolve()
  }
}

async function open(settings: DataSettings): Promise<OpenData & { readonly migrations: Migrations }> {
  const data = makeData({ migrations: [Begin1700000000000], ...settings })
  await data.database.open()
  return Object.assign(data, { migrations: new Migrations(data.database) })
}

onEveryDatabase('Changes that would break the running version', ({ name, create }) => {
  if (name === 'SQLite in memory') {
    it('need a database that two versions share', () => expect(name).toBe('SQLite in memory'))
    return
  }

  it.each([renamed(), dropped(), narrowed(), required()].map((each) => [each.name, each] as const))(
    'are split where %s: both versions run, then the old one is taken leave of, and all of it is taken back',
    async (_name, { before, after, rows, written, read, contracted, back, waits, changed, backTo }) => {
      await using database = await create()
      const { url } = database
      const folder = mkdtempSync(join(tmpdir(), 'tenon-split-'))
      const rowsOf = async (data: OpenData, entity: Class<Row>): Promise<Row[]> =>
        (await data.database.source.getRepository<Row>(entity).find({ order: { id: 'ASC' } })).map((row) => ({
          ...row,
        }))
      const write = (data: OpenData, entity: Class<Row>, row: Row): Promise<unknown> =>
        data.database.source.getRepository(entity).insert(row as object)
      await using old = await open({ url, entities: [before], synchronize: true })
      await old.database.source.getRepository(before).insert([...rows] as object[])
      const { contract } = await generated(url, after, folder)
      expect(contract?.waits).toEqual(waits)
      expect(await readFile(contract!.file, 'utf8')).toContain('static readonly isContract = true')

      await using next = await open({ url, entities: [after], migrationsFolder: folder })
      const stateOf = async (): Promise<string | undefined> =>
        (await next.migrations.status()).find((each) => each.name === contract!.name)?.state
      if ((await stateOf()) === 'done') throw new Error('The contract has run at the start.')
      await write(old, before, written.before)
      await write(next, after, written.after)

      expect([await rowsOf(old, before), await rowsOf(next, after)]).toEqual([read.before, read.after])
      if (changed) {
        const [was] = await rowsOf(old, before)
        await old.database.source.getRepository(before).save(changed.before as object)
        expect((await rowsOf(next, after))[0]).toEqual(changed.after)
        await next.database.source.getRepository(after).save({ ...changed.after, heading: was!['title'] } as object)
        expect((await rowsOf(old, before))[0]).toEqual(was)
      }
      await old.database.close()
      await next.migrations.run({ contract: true })
      expect(await stateOf()).toBe('done')
      expect(await rowsOf(next, after)).toEqual(contracted)
      expect(await next.migrations.drift()).toEqual({ statements: [], losses: [] })

      await next.migrations.rollback({ steps: 1 })
      expect(await rowsOf(next, after)).toEqual(contracted)
      await next.migrations.rollback({ steps: backTo === undefined ? 9 : 0 })
      await next.database.close()
      await using again = await open({ url, entities: [before], migrate: false })
      expect(await rowsOf(again, before)).toEqual(back)
      if (backTo === undefined) expect((await again.migrations.drift()).statements).toEqual([])
    },
  )

  async function generated(url: string, entity: Class<Row>, folder: string) {
    await using data = await open({ url, entities: [entity] })
    const migration = await data.migrations.generate({ name: 'change-it', folder, split: true })
    return migration!
  }
})
