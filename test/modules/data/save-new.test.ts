import { tracingChannel } from 'node:diagnostics_channel'

import {
  BaseRepository,
  BeforeInsert,
  Column,
  CreateDateColumn,
  CreatedBy,
  Entity,
  PrimaryColumn,
  Repository,
  VersionColumn,
} from 'tenon/data'

import { onEveryDatabase } from './on-every-database.ts'
import { openData } from './open-data.ts'

@Entity('save_country')
class Country {
  @PrimaryColumn({ type: 'varchar', length: 2 }) code!: string
  @Column({ unique: true, length: 50 }) name!: string
  @Column({ default: 0 }) people!: number
  @CreatedBy() @Column({ type: 'varchar', length: 50, nullable: true }) author!: string | null
  @CreateDateColumn() createdAt!: Date
  @VersionColumn() version!: number
}

/** Nothing in it tells whether it was read. */
@Entity('save_colour')
class Colour {
  @PrimaryColumn({ type: 'varchar', length: 10 }) name!: string
  @Column() hue!: number
}

@Entity('save_note')
class Note {
  @PrimaryColumn() id!: number
  @Column({ length: 50 }) text!: string
  @CreateDateColumn() createdAt!: Date

  @BeforeInsert() shout(): void {
    this.text += '!'
  }
}

@Repository(Country)
class Countries extends BaseRepository<Country> {}
@Repository(Colour)
class Colours extends BaseRepository<Colour> {}
@Repository(Note)
class Notes extends BaseRepository<Note> {}

async function open(url: string) {
  const data = await openData({ url, entities: [Country, Colour, Note] })
  const { unitOfWork } = data
  return {
    unitOfWork,
    countries: new Countries(unitOfWork),
    colours: new Colours(unitOfWork),
    notes: new Notes(unitOfWork),
    logs: data.logs,
    [Symbol.asyncDispose]: () => data[Symbol.asyncDispose](),
  }
}

/** The first words of the statements that are sent. */
async function verbs(work: () => Promise<unknown>): Promise<string[]> {
  const { start } = tracingChannel('tenon:data:query')
  const sent: string[] = []
  const note = (message: unknown): void => void sent.push((message as { sql: string }).sql.split(' ')[0] ?? '')
  start.subscribe(note)
  try {
    await work()
  } finally {
    start.unsubscribe(note)
  }
  return sent
}

const country = (values: Partial<Country>): Country => Object.assign(new Country(), values)

onEveryDatabase('Saving an entity with a key of its own', ({ create }) => {
  it('inserts what is new without asking, and answers it with what was generated', async () => {
    await using database = await create()
    await using data = await open(database.url)
    const iceland = country({ code: 'IS', name: 'Iceland' })

    const sent = await verbs(() => data.countries.save(iceland))

    expect(sent[0]).toBe('INSERT')
    expect(sent.filter((verb) => verb === 'INSERT' || verb === 'BEGIN' || verb === 'START')).toEqual(['INSERT'])
    expect(iceland).toMatchObject({ code: 'IS', people: 0, version: 1, createdAt: expect.any(Date) })
    expect(await data.countries.findOrFail('IS')).toEqual(Object.assign(iceland, { author: null }))
  })

  it('changes the row that is there, and nothing of what only an insert fills in', async () => {
    await using database = await create()
    await using data = await open(database.url)
    await data.countries.insert({ code: 'IS', name: 'Iceland', people: 1 })
    await data.countries.query().where({ code: 'IS' }).update({ author: 'ann' })
    const before = await data.countries.findOrFail('IS')

    // Without the name: it would not even fit as a new row.
    await data.countries.save(country({ code: 'IS', people: 380_000 }))

    const after = await data.countries.findOrFail('IS')
    expect(after).toMatchObject({ name: 'Iceland', people: 380_000, author: 'ann', createdAt: before.createdAt })
    expect(after.version).toBe(before.version + 1)
    expect(await data.countries.count()).toBe(1)
  })

  it('names the constraint that refuses it', async () => {
    await using database = await create()
    await using data = await open(database.url)
    await data.countries.insert({ code: 'IS', name: 'Iceland' })

    const saving = data.countries.save(country({ code: 'XX', name: 'Iceland' }))

    await expect(saving).rejects.toMatchObject({ code: 'DATA_DUPLICATE_ROW' })
    expect(await data.countries.count()).toBe(1)
  })

  it('goes on in a transaction after it has met a row that is there', async () => {
    await using database = await create()
    await using data = await open(database.url)
    await data.countries.insert({ code: 'IS', name: 'Iceland' })

    await data.unitOfWork.transaction(async () => {
      await data.countries.save(country({ code: 'IS', people: 7 }))
      await data.countries.save(country({ code: 'NO', name: 'Norway' }))
    })

    const found = await data.countries.find({ order: { code: 'ASC' } })
    expect(found.map(({ code, people }) => [code, people])).toEqual([
      ['IS', 7],
      ['NO', 0],
    ])
  })

  it('asks first where nothing tells whether it was read, and where an insert would be told of', async () => {
    await using database = await create()
    await using data = await open(database.url)
    const colour = Object.assign(new Colour(), { name: 'red', hue: 1 })
    const note = Object.assign(new Note(), { id: 1, text: 'hello' })

    expect(await verbs(() => data.colours.save(colour))).toContain('SELECT')
    expect((await verbs(() => data.notes.save(note)))[0]).not.toBe('INSERT')

    expect(await data.notes.findOrFail(1)).toMatchObject({ text: 'hello!' })
    await data.notes.save(Object.assign(new Note(), { id: 1, text: 'again' }))
    expect(await data.notes.findOrFail(1)).toMatchObject({ text: 'again' })
  })
})
