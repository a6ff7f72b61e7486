import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  Column,
  Entity,
  Migrations,
  PrimaryGeneratedColumn,
  RenamedFrom,
  type Migration,
  type QueryRunner,
} from 'tenon/data'

import { discoverMigrations } from '../../../../modules/data/migrations/discover-migrations.ts'
import { makeData, type DataSettings } from '../open-data.ts'
import { CreateNotes1751328000000, FillNotes1751328000001 } from '../tickets.ts'

@Entity('note')
class NoteBefore {
  @PrimaryGeneratedColumn() id!: number
  @Column({ length: 100 }) text!: string
  @Column({ nullable: true }) rank?: number
}

@Entity('note')
class NoteAfter {
  @PrimaryGeneratedColumn() id!: number
  @RenamedFrom('text') @Column({ length: 100 }) body!: string
}

const temporary = () => mkdtempSync(join(tmpdir(), 'tenon-migrations-'))

async function open(settings: DataSettings) {
  const data = makeData({ entities: [], ...settings })
  await data.database.open()
  return Object.assign(data, { migrations: new Migrations(data.database) })
}

const BOTH = [FillNotes1751328000001, CreateNotes1751328000000]

describe('Migrations', () => {
  it('tell what is pending, done, and no longer there', async () => {
    const url = `sqlite:${join(temporary(), 'app.sqlite')}`
    {
      await using data = await open({ url, migrations: BOTH, migrate: false })
      expect(await data.migrations.status()).toEqual([
        { name: 'CreateNotes1751328000000', state: 'pending' },
        { name: 'FillNotes1751328000001', state: 'pending' },
      ])
      expect(await data.migrations.run()).toEqual(['CreateNotes1751328000000', 'FillNotes1751328000001'])
    }
    await using data = await open({ url, migrations: [CreateNotes1751328000000] })
    expect(await data.migrations.status()).toEqual([
      { name: 'FillNotes1751328000001', state: 'missing' },
      { name: 'CreateNotes1751328000000', state: 'done' },
    ])
  })

  it('are planned without being run', async () => {
    await using data = await open({ migrations: BOTH, migrate: false })

    const [create, fill] = await data.migrations.plan()

    expect(create?.statements).toEqual(['CREATE TABLE note (id INTEGER PRIMARY KEY, text VARCHAR(100) NOT NULL)'])
    expect(fill).toMatchObject({ name: 'FillNotes1751328000001', findings: [] })
    expect((await data.migrations.status()).map(({ state }) => state)).toEqual(['pending', 'pending'])
    await expect(data.database.source.query('SELECT * FROM note')).rejects.toThrow('no such table')
  })

  it('are taken back from the last one on, as many as asked for', async () => {
    await using data = await open({ migrations: BOTH })

    expect(await data.migrations.rollback()).toEqual(['FillNotes1751328000001'])
    expect(await data.database.source.query('SELECT * FROM note')).toEqual([])
    expect(await data.migrations.run()).toEqual(['FillNotes1751328000001'])
    expect(await data.migrations.rollback({ steps: 5 })).toEqual(['FillNotes1751328000001', 'CreateNotes1751328000000'])
    expect(await data.migrations.rollback()).toEqual([])
  })

  it('show what somebody changed by hand', async () => {
    await using data = await open({ entities: [NoteBefore], synchronize: true })
    expect(await data.migrations.drift()).toEqual({ statements: [], losses: [] })

    await data.database.source.query('ALTER TABLE note ADD COLUMN secret TEXT')
    await data.database.source.query('CREATE INDEX by_hand ON note (text)')

    const { statements, losses } = await data.migrations.drift()
    expect(losses).toEqual(['column note.secret is dropped with its data'])
    expect(statements).toContain('DROP INDEX "by_hand"')
  })

  it('are written as a class that a person can read, and found in their folder', async () => {
    const folder = join(temporary(), 'made')
    const url = `sqlite:${join(temporary(), 'app.sqlite')}`
    const at = new Date(1_751_328_000_000)
    {
      await using data = await open({ url, entities: [NoteBefore], synchronize: true })
      await data.database.source.query(`INSERT INTO note (text, rank) VALUES ('kept', 1)`)
    }
    {
      await using data = await open({ url, entities: [NoteAfter] })
      const options = { name: 'rename-text', folder, at }
      await expect(data.migrations.generate(options)).rejects.toMatchObject({
        code: 'DATA_MIGRATION_DESTRUCTIVE',
        message: 'The migration would lose data: column note.rank is dropped with its data.',
      })
      const made = await data.migrations.generate({ ...options, destructive: true })
      expect(made).toMatchObject({
        name: 'RenameText1751328000000',
        file: join(folder, '1751328000000-rename-text.ts'),
      })
    }
    const text = readFileSync(join(folder, '1751328000000-rename-text.ts'), 'utf8')
    expect(text).toContain(' * Loses data: column note.rank is dropped with its data.')
    expect(text).toContain('export class RenameText1751328000000 implements Migration {')

    await using data = await open({ url, entities: [NoteAfter], migrationsFolder: folder })
    expect(await data.database.source.query('SELECT * FROM note')).toEqual([{ id: 1, body: 'kept' }])
    expect(data.logs.at('info').map(({ message }) => message)).toEqual(['Migrated: RenameText1751328000000'])
    expect(await data.migrations.generate({ name: 'nothing', folder })).toBeUndefined()
  })

  it('are not generated while others are pending, nor under a name that is none', async () => {
    await using data = await open({ migrations: BOTH, migrate: false, entities: [NoteBefore] })
    const folder = temporary()

    await expect(data.migrations.generate({ name: 'x', folder })).rejects.toMatchObject({
      code: 'DATA_MIGRATIONS_PENDING',
      message: expect.stringContaining('FillNotes1751328000001'),
    })
    await expect(data.migrations.generate({ name: '../x', folder })).rejects.toMatchObject({
      code: 'DATA_MIGRATION_NAME_INVALID',
    })
  })

  it('leave everything as it was when one of them fails', async () => {
    class Breaks1751328000002 implements Migration {
      async up(runner: QueryRunner): Promise<void> {
        await runner.query('DELETE FROM note')
        throw new Error('half way')
      }

      async down(): Promise<void> {}
    }
    await using data = await open({ migrations: [...BOTH, Breaks1751328000002], migrate: false })

    await expect(data.migrations.run()).rejects.toThrow('half way')

    expect((await data.migrations.status()).map(({ state }) => state)).toEqual(['pending', 'pending', 'pending'])
  })
})

describe('discoverMigrations', () => {
  it('takes the classes with up and down, and no other files or exports', async () => {
    const folder = temporary()
    const body = 'async up() {} async down() {}'
    writeFileSync(join(folder, '1751328000001-b.mjs'), `export class B1751328000001 { ${body} }; export const x = 1`)
    writeFileSync(join(folder, '1751328000000-a.mjs'), `export class A1751328000000 { ${body} }; export class Other {}`)
    writeFileSync(join(folder, '1751328000000-a.d.ts'), 'not to be loaded')
    writeFileSync(join(folder, 'notes.mjs'), 'throw new Error()')

    expect((await discoverMigrations(folder)).map(({ name }) => name)).toEqual(['A1751328000000', 'B1751328000001'])
  })

  it('names the folder that is missing', async () => {
    const data = makeData({ migrationsFolder: '/nowhere/migrations' })

    await expect(data.database.open()).rejects.toMatchObject({
      code: 'DATA_MIGRATIONS_FOLDER_UNREADABLE',
      message: expect.stringContaining('/nowhere/migrations'),
    })
  })
})
