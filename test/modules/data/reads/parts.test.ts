import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { deepStrictEqual } from 'node:assert'

import { ModuleGraph, type Environment } from 'tenon'
import {
  BaseRepository,
  Column,
  Database,
  DatabaseConfig,
  Entity,
  EVERYBODY,
  JoinTable,
  ManyToMany,
  ManyToOne,
  MoreThan,
  OneToMany,
  PrimaryColumn,
  Repository,
  RowOwners,
  UnitOfWork,
  type Relation,
} from 'tenon/data'
import { MemoryLogger } from 'tenon/testing'

import { onEveryDatabase } from '../on-every-database.ts'

@Entity('parts_buyer')
class Buyer {
  @PrimaryColumn({ type: 'varchar', length: 20 }) name!: string
  @Column() owner!: string
}

@Entity('parts_label')
class Label {
  @PrimaryColumn({ type: 'varchar', length: 20 }) name!: string
  @Column() owner!: string
}

@Entity('parts_order')
class Order {
  @PrimaryColumn() id!: number
  @Column() owner!: string
  @ManyToOne(() => Buyer) buyer!: Relation<Buyer> | null
  @OneToMany(() => Line, (line) => line.order) lines!: Relation<Line[]>
  @JoinTable({ name: 'parts_order_label' }) @ManyToMany(() => Label) labels!: Relation<Label[]>
}

@Entity('parts_line')
class Line {
  @PrimaryColumn({ type: 'bigint' }) id!: string | number
  @Column() owner!: string
  @Column() pieces!: number
  @ManyToOne(() => Order, (order) => order.lines) order!: Relation<Order>
}

@Repository(Order)
class Orders extends BaseRepository<Order> {}

class Owners extends RowOwners {
  acting: string | typeof EVERYBODY = EVERYBODY
  override readonly hasPolicies = false
  override propertyOf = (): string => 'owner'
  override owner = (): string | typeof EVERYBODY => this.acting
  override nobody = (entity: string): Error => new Error(`Nobody's ${entity}`)
  override migratesApart = (): boolean => false
  override connectionSettings = (): Record<string, string> => ({})
}

const ORDERS = 240

/** `a` and `b` with orders of two lines each, and three buyers; every tenth order of `a` has no buyer. */
async function openOrders(url: string, owners?: Owners) {
  const config = Object.assign(new DatabaseConfig(), { url, log: false, migrate: true, contract: false })
  Object.assign(config, {
    heldWarningMs: 10_000,
    poolWaitMs: 8000,
    synchronize: true,
    entities: [Buyer, Label, Order, Line],
  })
  const graph = new ModuleGraph({ modules: [], providers: [], endpoints: [], interceptors: [], findings: [] })
  const environment = { isTest: true, isProduction: false } as Environment
  const database = new Database(config, environment, graph, new MemoryLogger(), owners)
  await database.open()
  const { manager } = database.source
  await manager.insert(
    Buyer,
    ['a-1', 'a-2', 'b-1'].map((name) => ({ name, owner: name.charAt(0) })),
  )
  const ids = Array.from({ length: ORDERS }, (_, n) => n + 1)
  const ownerOf = (id: number) => (id > ORDERS / 2 ? 'b' : 'a')
  await manager.insert(
    Order,
    ids.map((id) => ({
      id,
      owner: ownerOf(id),
      buyer: id % 10 === 0 ? null : { name: id > ORDERS / 2 ? 'b-1' : `a-${(id % 2) + 1}` },
    })),
  )
  await manager.insert(
    Line,
    ids.flatMap((id) =>
      [1, 2].map((n) => ({ id: String(n * 1000 + id), owner: ownerOf(id), pieces: n, order: { id } })),
    ),
  )
  await manager.insert(
    Label,
    ['a-new', 'a-red', 'b-red'].map((name) => ({ name, owner: name.charAt(0) })),
  )
  await manager.save(
    ids
      .filter((id) => id % 3 === 0)
      .map((id) => {
        const labels = (id % 2 === 0 ? ['a-new', 'a-red'] : ['b-red', 'a-red']).map((name) => ({ name }))
        return Object.assign(new Order(), { id, labels })
      }),
  )
  const orders = new Orders(new UnitOfWork(database))
  return { database, manager, orders, [Symbol.asyncDispose]: () => database.close() }
}

/** The statements that are told while `work` runs. */
async function told(work: () => Promise<unknown>): Promise<string[]> {
  const texts: string[] = []
  const note = (message: unknown): void => void texts.push((message as { sql: string }).sql)
  subscribe('tracing:tenon:data:query:start', note)
  try {
    await work()
  } finally {
    unsubscribe('tracing:tenon:data:query:start', note)
  }
  return texts
}

const relations = { buyer: true, lines: true, labels: true }
const order = { id: 'ASC', lines: { id: 'ASC' }, labels: { name: 'DESC' } } as const

onEveryDatabase('A large read with relations', ({ kind, create }) => {
  it('is told as one read, joined first and then in parts, and answers what TypeORM answers', async () => {
    await using database = await create()
    await using data = await openOrders(database.url)
    await data.manager.insert(Line, { id: '5', owner: 'a', pieces: 1 })
    const expected = await data.manager.find(Order, { relations, order })
    const read = async () => deepStrictEqual(await data.orders.find({ relations, order }), expected)

    const first = await told(read)
    const second = await told(read)

    expect([first.length, second.length]).toEqual([1, 1])
    expect(first[0]).toContain('JOIN')
    expect(second[0]?.includes('LEFT JOIN')).toBe(kind === 'mariadb')
    expect(expected[5]?.labels.map(({ name }) => name)).toEqual(['a-red', 'a-new'])
    expect(new Set(expected.flatMap(({ buyer }) => buyer ?? [])).size).toBe(ORDERS - ORDERS / 10)
  })

  it('has nothing of other owners in it, neither as rows nor as relations', async () => {
    await using database = await create()
    const owners = new Owners()
    await using data = await openOrders(database.url, owners)
    // Rows of `b` that point at orders of `a`.
    await data.manager.insert(Line, { id: '77', owner: 'b', pieces: 1, order: { id: 1 } })
    await data.manager.update(Order, 2, { buyer: { name: 'b-1' } })
    const read = () => data.orders.find({ relations, order })
    owners.acting = 'a'
    const expected = await data.manager.find(Order, { relations, order })

    const found = [await read(), await read()]
    owners.acting = EVERYBODY
    const ofEverybody = [await read(), await read()]
    owners.acting = 'a'
    found.push(await read())

    expect(ofEverybody.map((rows) => rows.length)).toEqual([ORDERS, ORDERS])
    for (const each of found) deepStrictEqual(each, expected)
    expect(expected).toHaveLength(ORDERS / 2)
    expect(expected[0]?.lines).toHaveLength(2)
    expect(expected[1]?.buyer).toBeNull()
    expect(expected[2]?.labels.map(({ name }) => name)).toEqual(['a-red'])
  })

  it('answers an entity once that a junction names twice', async () => {
    await using database = await create()
    await using data = await openOrders(database.url)
    const { driver } = data.database.source
    const [junction, order_, label] = ['parts_order_label', 'partsOrderId', 'partsLabelName'].map((each) =>
      driver.escape(each),
    )
    await data.database.source.query(`DROP TABLE ${junction}`)
    await data.database.source.query(`CREATE TABLE ${junction} (${order_} INTEGER, ${label} VARCHAR(20))`)
    for (const id of [1, 1, 2]) await data.database.source.query(`INSERT INTO ${junction} VALUES (${id}, 'a-red')`)
    const expected = await data.manager.find(Order, { relations, order })

    const found = [await data.orders.find({ relations, order }), await data.orders.find({ relations, order })]

    for (const each of found) deepStrictEqual(each, expected)
    expect(found[1]?.map(({ labels }) => labels.length).slice(0, 3)).toEqual([1, 1, 0])
  })

  it('reads a page of them, and the next', async () => {
    await using database = await create()
    await using data = await openOrders(database.url)
    // In the order of a page some are equal, and in that of relations all are.
    const sorted = (orders: readonly Order[]) =>
      orders
        .toSorted((one, other) => one.id - other.id)
        .map((each) => ({
          ...each,
          lines: each.lines.toSorted((one, other) => Number(one.id) - Number(other.id)),
          labels: each.labels.toSorted((one, other) => one.name.localeCompare(other.name)),
        }))
    const page = { where: { id: MoreThan(5) }, relations, order: { owner: 'DESC' }, take: 100 } as const
    const expected = []
    for (const skip of [5, 30, 200]) expected.push(sorted(await data.manager.find(Order, { ...page, skip })))
    await data.orders.find({ ...page, skip: 5 })

    const found: unknown[] = []
    const texts = await told(async () => {
      for (const skip of [5, 30, 200]) found.push(sorted(await data.orders.find({ ...page, skip })))
    })

    deepStrictEqual(found, expected)
    expect(expected.map(({ length }) => length)).toEqual([100, 100, 35])
    expect(texts).toHaveLength(kind === 'mariadb' ? 6 : 3)
  })

  it('keeps to its criteria, and sees what its own transaction has written', async () => {
    await using database = await create()
    await using data = await openOrders(database.url)
    const where = { id: MoreThan(5) }
    const unitOfWork = new UnitOfWork(data.database)
    const read = () => data.orders.find({ where, relations, order })
    await read()

    const [inside, expected] = await unitOfWork.transaction(async () => {
      await unitOfWork.manager.insert(Line, { id: '9007199254740993', owner: 'a', pieces: 7, order: { id: 9 } })
      return [await read(), await unitOfWork.manager.find(Order, { where, relations, order })]
    })

    deepStrictEqual(inside, expected)
    expect(inside.find(({ id }) => id === 9)?.lines.map(({ pieces }) => pieces)).toEqual([1, 2, 7])
  })

  if (kind === 'sqlite') {
    it('finds rows by keys that it cannot hand over', async () => {
      await using database = await create()
      await using data = await openOrders(database.url)
      const name = 'a\u0000b'
      await data.manager.insert(Buyer, { name, owner: 'a' })
      await data.manager.update(Order, 7, { buyer: { name } })
      const options = { where: { id: MoreThan(5) }, relations, order }
      await data.orders.find(options)

      const found = await data.orders.find(options)

      deepStrictEqual(found, await data.manager.find(Order, options))
      expect(found.find(({ id }) => id === 7)?.buyer).toEqual({ name, owner: 'a' })
    })
  }

  if (kind !== 'postgres') return

  const TEXTS = {
    'a quote': `'"'`,
    'what stands between two texts': `'a","b'`,
    'the end of one and the beginning of another': `CASE id WHEN 1001 THEN 'a",' ELSE ',"b' END`,
    'an escape': String.raw`'\n'`,
    'an escaped quote': String.raw`'\"'`,
    'two lines': `E'a\nb'`,
    'what the entity does not know of': 'NULL',
    'that and what stands between two texts': `CASE id WHEN 1001 THEN NULL ELSE 'a","b' END`,
  }
  it('answers texts that have to be escaped, and numbers that the entity does not know to be missing', async () => {
    await using database = await create()
    await using data = await openOrders(database.url)
    const { source } = data.database
    await source.query('ALTER TABLE parts_line ALTER COLUMN owner DROP NOT NULL, ALTER COLUMN pieces DROP NOT NULL')
    for (const [what, value] of Object.entries(TEXTS)) {
      await source.query(`UPDATE parts_line SET owner = 'plain', pieces = 1`)
      const orders = new Orders(new UnitOfWork(data.database))
      const read = () => orders.find({ relations, order })
      await read()
      await read()
      await source.query(`UPDATE parts_line SET owner = ${value}, pieces = NULL WHERE id IN (1001, 2001)`)
      const expected = await data.manager.find(Order, { relations, order })

      const texts = await told(async () => {
        for (const _each of [1, 2]) deepStrictEqual(await read(), expected, what)
      })

      expect(texts).toHaveLength(2)
      expect(texts.join()).not.toContain('LEFT JOIN')
    }
  })

  it('answers values of types as they are sent, not as they are cast', async () => {
    await using database = await create()
    await using data = await openOrders(database.url)
    for (const [type, value] of Object.entries({ inet: `'10.0.0.7'`, 'char(5)': `'ab'`, '"char"': `'a'` })) {
      await data.database.source.query(`ALTER TABLE parts_line ALTER COLUMN owner TYPE ${type} USING ${value}`)
      const orders = new Orders(new UnitOfWork(data.database))
      await orders.find({ relations, order })

      const found = await orders.find({ relations, order })

      deepStrictEqual(found, await data.manager.find(Order, { relations, order }), type)
      expect(found[0]?.lines).toHaveLength(2)
    }
  })

  it('is joined again where a column has got another type', async () => {
    await using database = await create()
    await using data = await openOrders(database.url)
    const read = () => data.orders.find({ relations, order })
    await read()
    await read()
    const { source } = data.database
    await source.query(`ALTER TABLE parts_line ALTER COLUMN pieces TYPE text USING 'x' || pieces`)

    const found = await read()

    deepStrictEqual(found, await data.manager.find(Order, { relations, order }))
    expect(found[0]?.lines.map(({ pieces }) => pieces)).toEqual(['x1', 'x2'])
  })
})
