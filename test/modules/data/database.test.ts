import { mkdtempSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'

import { makeData, openData } from './open-data.ts'
import { CreateNotes1751328000000, FillNotes1751328000001 } from './tickets.ts'

const file = () => join(mkdtempSync(join(tmpdir(), 'tenon-data-')), 'deep', 'app.sqlite')

describe('Database', () => {
  it('is in memory in tests', async () => {
    await using data = await openData()

    expect(data.database.source.options.database).toBe(':memory:')
  })

  it('creates its file and folder, and finds the rows again', async () => {
    const path = file()
    {
      await using data = await openData({ url: `sqlite:${path}` })
      await data.tickets.insert({ title: 'a' })
    }

    await using data = await openData({ url: `sqlite:${path}`, synchronize: false })

    expect(await data.tickets.countBy({ title: 'a' })).toBe(1)
    expect(existsSync(path)).toBe(true)
  })

  it('runs pending migrations in the order of their time stamps, once', async () => {
    const url = `sqlite:${file()}`
    const migrations = [FillNotes1751328000001, CreateNotes1751328000000]
    const settings = { url, migrations, synchronize: false }
    {
      await using data = await openData(settings)
      expect(await data.database.source.query('SELECT text FROM note')).toEqual([{ text: 'first' }])
      expect(data.logs.at('info').map((line) => line.message)).toEqual([
        'Migrated: CreateNotes1751328000000',
        'Migrated: FillNotes1751328000001',
      ])
    }

    await using data = await openData(settings)

    expect(await data.database.source.query('SELECT count(*) AS n FROM note')).toEqual([{ n: 1 }])
    expect(data.logs.at('info')).toEqual([])
  })

  it('leaves migrations alone when told to', async () => {
    await using data = await openData({ migrations: [CreateNotes1751328000000], migrate: false, synchronize: false })

    expect(await data.database.source.query("SELECT name FROM sqlite_master WHERE name = 'note'")).toEqual([])
  })

  it('keeps nothing of the migrations when one of them fails', async () => {
    class Breaks1751328000002 extends FillNotes1751328000001 {
      override async up(): Promise<void> {
        throw new Error('half way')
      }
    }
    const url = `sqlite:${file()}`
    const migrations = [CreateNotes1751328000000, Breaks1751328000002]

    await expect(openData({ url, migrations, synchronize: false })).rejects.toThrow('half way')

    await using data = await openData({ url, migrations: [], synchronize: false })
    expect(await data.database.source.query("SELECT name FROM sqlite_master WHERE type = 'table'")).toEqual([])
    expect(await data.database.source.query('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1 }])
  })

  it('refuses to synchronize in production', async () => {
    await expect(openData({ environment: 'production', url: 'sqlite::memory:' })).rejects.toMatchObject({
      code: 'DATA_SYNCHRONIZE_IN_PRODUCTION',
    })
  })

  it('names a file that cannot be opened', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tenon-data-'))

    await expect(openData({ url: `sqlite:${folder}` })).rejects.toMatchObject({
      code: 'DATA_DATABASE_UNREACHABLE',
      message: expect.stringContaining(`sqlite:${folder} cannot be opened`),
    })
  })

  it.each(['postgres', 'mysql'])('names a %s server that does not answer, without the password', async (kind) => {
    const opening = openData({ url: `${kind}://ann:s3cret@127.0.0.1:1/shop`, synchronize: false })

    await expect(opening).rejects.toMatchObject({
      code: 'DATA_DATABASE_UNREACHABLE',
      message: expect.stringMatching(
        new RegExp(`^The database ${kind}://ann@127.0.0.1:1/shop cannot be opened: .*nothing listens`),
      ),
    })
  })

  it('says so when it is used too early or too late', async () => {
    const data = makeData()
    expect(() => data.database.source).toThrow(expect.objectContaining({ code: 'DATA_DATABASE_NOT_OPEN' }))

    await data.database.open()
    await data.database.close()
    await data.database.close()

    await expect(data.tickets.find()).rejects.toMatchObject({ code: 'DATA_DATABASE_NOT_OPEN' })
    await expect(data.database.check()).rejects.toMatchObject({ code: 'DATA_DATABASE_NOT_OPEN' })
  })

  it('is well even while a transaction takes long', async () => {
    await using data = await openData()
    const mayEnd = Promise.withResolvers<void>()
    const slow = data.unitOfWork.transaction(() => mayEnd.promise)
    await turn()

    await expect(data.database.check()).resolves.toBeUndefined()
    mayEnd.resolve()
    await slow
  })

  it('logs statements when told to, without their parameters, and failed ones not at all', async () => {
    await using silent = await openData()
    await silent.tickets.count()
    await using data = await openData({ log: true })
    await data.tickets.insert({ title: 'confidential' })
    await expect(data.database.source.query('SELECT nonsense')).rejects.toThrow('nonsense')

    const logged = data.logs.at('debug').map((line) => line.message)

    expect(logged).toContainEqual(expect.stringContaining('INSERT INTO "ticket"'))
    expect(JSON.stringify(data.logs.lines)).not.toContain('confidential')
    expect(data.logs.at('error')).toEqual([])
    expect(JSON.stringify(silent.logs.lines)).not.toContain('SELECT')
  })
})
