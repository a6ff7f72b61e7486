import {
  BaseRepository,
  Column,
  Entity,
  In,
  Like,
  Not,
  PrimaryGeneratedColumn,
  Raw,
  Repository,
  type UnitOfWork,
} from 'tenon/data'

import { onEveryDatabase, type DatabaseUnderTest } from './on-every-database.ts'
import { openData, type OpenData } from './open-data.ts'

@Entity('vaults')
class Vault {
  @PrimaryGeneratedColumn()
  readonly id!: number

  @Column({ type: 'varchar', length: 200, unique: true })
  label!: string

  @Column({ type: 'simple-json' })
  content!: { readonly gold: number }
}

const JSON_PATH: Readonly<Record<DatabaseUnderTest['kind'], (path: string, rows: Vaults) => Promise<unknown[]>>> = {
  sqlite: (path, rows) => rows.ask((sql) => sql`SELECT json_extract(content, ${path}) AS gold FROM vaults`),
  mariadb: (path, rows) => rows.ask((sql) => sql`SELECT JSON_VALUE(content, ${path}) AS gold FROM vaults`),
  postgres: (path, rows) =>
    rows.ask((sql) => sql`SELECT jsonb_path_query_first(content::jsonb, ${path}::jsonpath) AS gold FROM vaults`),
}

@Repository(Vault)
class Vaults extends BaseRepository<Vault> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork)
  }

  ask(ask: (sql: typeof this.sql) => Promise<unknown[]>): Promise<unknown[]> {
    return ask(this.sql.bind(this))
  }
}

/** What has opened databases elsewhere: out of texts, out of numbers, out of identifiers, by comments, escapes and encodings. */
const ATTACKS = [
  "'; DROP TABLE vaults; --",
  "' OR '1'='1",
  "' OR 1=1 --",
  "' UNION SELECT id, label, content FROM vaults --",
  "\\'; DELETE FROM vaults; --",
  '\\',
  "\\' OR 1=1 #",
  '" OR ""="',
  '`; DROP TABLE vaults; `',
  "'/**/OR/**/1=1/**/--",
  "1; UPDATE vaults SET label = 'stolen'",
  '0x27; DROP TABLE vaults',
  '%',
  '_%',
  '\u02bc OR 1=1',
  "\u00bf'; DROP TABLE vaults; --",
  '$1',
  ':label',
  ':...labels',
  '?',
  '${1+1}',
  '\0',
  "E'\\x27'",
  'pg_sleep(5)',
] as const

/** Every place where a value of a caller may end. `attack` must find nothing, or be refused. */
const POSITIONS: Readonly<
  Record<string, (rows: Vaults, attack: string, kind: DatabaseUnderTest['kind']) => Promise<unknown>>
> = {
  'a criterion': (rows, attack) => rows.find({ where: { label: attack } }),
  'a criterion of a query': async (rows, attack) => rows.where({ label: attack }),
  'a count': async (rows, attack) => rowsOf(await rows.countBy({ label: attack })),
  'a list of values': (rows, attack) => rows.findBy({ label: In([attack, `${attack}x`]) }),
  'a key': (rows, attack) => rows.findOneBy({ id: attack as unknown as number }),
  'a key of findOrFail': (rows, attack) => rows.findOrFail(attack),
  'a value of Raw': (rows, attack) => rows.findBy({ label: Raw((column) => `${column} = :attack`, { attack }) }),
  'a value of SQL of its own': (rows, attack) => rows.ask((sql) => sql`SELECT * FROM vaults WHERE label = ${attack}`),
  'a list in SQL of its own': (rows, attack) =>
    rows.ask((sql) => sql`SELECT * FROM vaults WHERE label IN (${[attack, attack]})`),
  'a path into JSON': async (rows, attack, kind) =>
    (await JSON_PATH[kind](`$.${attack}`, rows)).filter((row) =>
      Object.values(row as object).some((each) => each !== null),
    ),
  'a value of the query builder': (rows, attack) =>
    rows.queryBuilder('v').where('v.label = :attack', { attack }).getMany(),
  'a column to order by': async (rows, attack) => {
    await rows.query().orderBy({ [attack]: 'ASC' })
    throw new Error('It was ordered by what is no column.')
  },
  'a direction': async (rows, attack) => {
    await rows.query().orderBy({ id: attack as 'ASC' })
    throw new Error('It was ordered in no direction.')
  },
  'a column of a criterion': async (rows, attack) => {
    await rows.find({ where: { [attack]: 1 } as never })
    throw new Error('It was compared with what is no column.')
  },
  'a relation': async (rows, attack) => {
    await rows.find({ relations: { [attack]: true } })
    throw new Error('It loaded what is no relation.')
  },
  'a cursor': (rows, attack) => rows.query().orderBy({ id: 'ASC' }).paginateByCursor({ after: attack }),
  'a page': (rows, attack) => rows.paginate({ page: attack as unknown as number }),
  'a size': (rows, attack) => rows.paginate({ size: attack as unknown as number }),
  'a criterion to delete by': async (rows, attack) => rowsOf(await rows.delete({ label: attack })),
  'a criterion to update by': async (rows, attack) => rowsOf(await rows.update({ label: attack }, { label: 'stolen' })),
}

/** A number of rows as that many things found. */
function rowsOf(count: number): readonly undefined[] {
  return Array.from({ length: count })
}

const ORDERS: readonly (readonly [string, object])[] = [
  ['no column', { price: 'ASC' }],
  ['no column', { 'label; DROP TABLE vaults': 'ASC' }],
  ['no direction', { label: 'ASC; DROP TABLE vaults' }],
  ['no direction', { label: 'sideways' }],
  ['no column', { constructor: 'ASC' }],
]

onEveryDatabase('What callers send', ({ kind, create }) => {
  let database: Awaited<ReturnType<typeof create>>
  let data: OpenData
  let rows: Vaults

  beforeAll(async () => {
    database = await create()
    data = await openData({ url: database.url, entities: [Vault] })
    rows = new Vaults(data.unitOfWork)
    await rows.insertMany([
      { label: 'first', content: { gold: 7 } },
      { label: 'second', content: { gold: 9 } },
    ])
  })
  afterAll(async () => {
    await data[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  const everything = async (): Promise<unknown> =>
    (await rows.find({ order: { id: 'ASC' } })).map(({ label, content }) => [label, content])

  it.each(Object.entries(POSITIONS))('is no SQL as %s', async (_position, use) => {
    const found: string[] = []
    for (const attack of ATTACKS) {
      const answer = await Promise.resolve(use(rows, attack, kind)).catch((error: unknown) => error)
      if (answer instanceof Error) {
        if (/^It (was|loaded)/.test(answer.message)) found.push(`${attack}: ${answer.message}`)
      } else if (answer !== null && (answer as readonly unknown[]).length > 0) found.push(attack)
    }

    expect(found).toEqual([])
    expect(await everything()).toEqual([
      ['first', { gold: 7 }],
      ['second', { gold: 9 }],
    ])
  })

  it.each(ORDERS)('is refused with a 400 as an order: %s of %j', async (reason, order) => {
    const asked = [
      () => rows.find({ order: order }),
      () => rows.findOne({ where: { label: 'first' }, order: order }),
      () => rows.paginate({ order: order }),
      async () => rows.query().orderBy(order),
      () => rows.query().orderBy(order).paginateByCursor(),
    ]

    for (const ask of asked) {
      await expect(ask()).rejects.toMatchObject({
        code: 'DATA_ORDER_INVALID',
        status: 400,
        message: expect.stringContaining(reason),
      })
    }
  })

  it('is written and found again as it is', async () => {
    const texts = ATTACKS.filter((attack) => attack !== '\0')
    await rows.insertMany(texts.map((label) => ({ label, content: { gold: 0 } })))
    await rows.upsert({ label: texts[0], content: { gold: 1 } }, ['label'])
    await rows.update({ label: texts[1] }, { label: `${texts[1]}'` })

    const read = await rows.find({ where: { label: Not(In(['first', 'second'])) }, order: { id: 'ASC' } })
    expect(read.map(({ label }) => label).toSorted()).toEqual(
      texts.map((text, index) => (index === 1 ? `${text}'` : text)).toSorted(),
    )
    expect(await rows.countBy({ label: Like('first') })).toBe(1)
    await rows.delete({ label: Not(In(['first', 'second'])) })
  })

  it('finds what is meant by the same means: the ways are open to those who ask rightly', async () => {
    const [first] = await rows.where({ label: 'first' })

    expect(first?.content).toEqual({ gold: 7 })
    expect(await rows.findOrFail(first!.id)).toMatchObject({ label: 'first' })
    expect(await rows.findBy({ label: Raw((column) => `${column} = :label`, { label: 'second' }) })).toHaveLength(1)
    expect(await rows.ask((sql) => sql`SELECT * FROM vaults WHERE label IN (${['first', 'second']})`)).toHaveLength(2)
    expect(await JSON_PATH[kind]('$.gold', rows)).toHaveLength(2)
    expect(await rows.queryBuilder('v').where('v.label = :label', { label: 'first' }).getCount()).toBe(1)
    expect(await rows.query().orderBy({ label: 'DESC' }).first()).toMatchObject({ label: 'second' })
    expect(await rows.update({ label: 'first' }, { content: { gold: 7 } })).toBe(1)
  })
})
