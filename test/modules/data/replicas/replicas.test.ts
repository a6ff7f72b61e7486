import { Controller, Get, Health, Module, Post, type Class } from 'tenon'
import {
  BaseRepository,
  Column,
  Database,
  DatabaseConfig,
  DataModule,
  Entity,
  onReplica,
  PrimaryColumn,
  Replica,
  Repository,
  Transactional,
} from 'tenon/data'
import { FakeClock, testApp } from 'tenon/testing'

import { onEveryDatabase } from '../on-every-database.ts'
import { openData } from '../open-data.ts'

@Entity()
class Price {
  @PrimaryColumn('integer')
  id!: number

  @Column({ length: 40 })
  place!: string
}

@Repository(Price)
class Prices extends BaseRepository<Price> {
  places(): Promise<{ place: string }[]> {
    return this.sql<{ place: string }>`SELECT place FROM price WHERE id = ${1}`
  }
}

@Controller('/prices')
class PricesController {
  readonly #prices: Prices

  constructor(prices: Prices) {
    this.#prices = prices
  }

  @Get('/')
  async every(): Promise<Record<string, unknown>> {
    return seenBy(this.#prices)
  }

  @Post('/written')
  async written(): Promise<Record<string, unknown>> {
    await this.#prices.insert({ id: 10, place: 'new' })
    return seenBy(this.#prices)
  }

  @Get('/transaction')
  @Transactional()
  async transaction(): Promise<Record<string, unknown>> {
    return seenBy(this.#prices)
  }

  @Post('/forced')
  @Transactional()
  async forced(): Promise<Record<string, unknown>> {
    await this.#prices.insert({ id: (await this.#prices.count()) + 10, place: 'new' })
    return { ...(await seenBy(this.#prices.onReplica())), ...(await onReplica(() => seenBy(this.#prices))) }
  }

  @Replica()
  @Get('/old')
  async old(): Promise<unknown> {
    return this.#prices.findOrFail(1)
  }

  @Replica()
  @Post('/refused')
  async refused(): Promise<void> {
    await this.#prices.insert({ id: 3, place: 'refused' })
  }
}

/** Where each kind of read went. */
async function seenBy(prices: Prices): Promise<Record<string, unknown>> {
  const at = (price: Price | null | undefined): string | undefined => price?.place
  const row = { id: 1 }
  const iterated: string[] = []
  for await (const each of prices.where(row)) iterated.push(each.place)
  return {
    find: at((await prices.find({ where: row }))[0]),
    findBy: at((await prices.findBy(row))[0]),
    findOne: at(await prices.findOne({ where: row })),
    findOneBy: at(await prices.findOneBy(row)),
    findOrFail: at(await prices.findOrFail(1)),
    query: at((await prices.where(row))[0]),
    first: at(await prices.where(row).first()),
    page: at((await prices.paginate({ where: row })).items[0]),
    cursor: at((await prices.where(row).paginateByCursor()).items[0]),
    iterated: iterated[0],
    count: (await prices.countBy({ place: 'replica' })) > 0 ? 'replica' : 'primary',
    exists: (await prices.existsBy({ place: 'replica' })) ? 'replica' : 'primary',
    counted: (await prices.where({ place: 'replica' }).count()) > 0 ? 'replica' : 'primary',
    existing: (await prices.where({ place: 'replica' }).exists()) ? 'replica' : 'primary',
  }
}

function onlyFrom(place: string): Record<string, unknown> {
  const reads =
    'find findBy findOne findOneBy findOrFail query first page cursor iterated count exists counted existing'
  return Object.fromEntries(reads.split(' ').map((each) => [each, place]))
}

/** A database with the table, as if it had followed the primary; what it holds tells where a read went. */
async function fill(url: string, place: string): Promise<void> {
  await using data = await openData({ url, entities: [Price] })
  await data.database.source.getRepository(Price).insert([
    { id: 1, place },
    { id: 2, place },
  ])
}

function shop(settings: Partial<DatabaseConfig>): Class {
  @Module({ imports: [DataModule.with(settings)], controllers: [PricesController], providers: [Prices] })
  class ShopModule {}
  return ShopModule
}

onEveryDatabase('Read replicas', ({ name, kind, create }) => {
  if (name === 'SQLite in memory') {
    it('are databases of their own, which SQLite in memory cannot share', () => expect(kind).toBe('sqlite'))
    return
  }

  async function boot(settings: Partial<DatabaseConfig> = {}) {
    const [primary, replica] = [await create(), await create()]
    await fill(primary.url, 'primary')
    await fill(replica.url, 'replica')
    const clock = new FakeClock()
    let isLost = false
    const app = await testApp(shop({ url: primary.url, replicaUrls: [replica.url], ...settings }))
      .clock(clock)
      .boot()
    return {
      app,
      clock,
      /** Takes its database away. */
      lose: async () => {
        await app.get(Database).replicas!.all[0]!.source.destroy()
        await replica[Symbol.asyncDispose]()
        isLost = true
      },
      ask: async (path: string, method = 'GET') => (await app.request(`/prices${path}`, { method })).json(),
      logs: () => app.logs.lines.map(({ message }) => message).filter((message) => message.startsWith('The replica')),
      async [Symbol.asyncDispose]() {
        await app.close()
        await primary[Symbol.asyncDispose]()
        if (!isLost) await replica[Symbol.asyncDispose]()
      },
    }
  }

  it('answer every read of a call that writes nothing, the primary those of a call that does', async () => {
    await using open = await boot()

    expect(await open.ask('/')).toEqual(onlyFrom('replica'))
    expect(await open.ask('/transaction')).toEqual(onlyFrom('primary'))
    expect(await open.ask('/written', 'POST')).toEqual(onlyFrom('primary'))
    expect(await open.ask('/')).toEqual(onlyFrom('replica'))
  })

  it('answer code that says its reads may be old, which may not write', async () => {
    await using open = await boot()

    expect(await open.ask('/forced', 'POST')).toEqual(onlyFrom('replica'))
    expect(await open.ask('/old')).toEqual({ id: 1, place: 'replica' })
    expect(await open.ask('/refused', 'POST')).toMatchObject({ status: 500 })
    expect(await open.app.get(Prices).existsBy({ place: 'refused' })).toBe(false)
    expect(await open.app.get(Prices).onReplica().places()).toEqual([{ place: 'replica' }])
  })

  it('do not answer code outside of calls', async () => {
    await using open = await boot()

    expect(await open.app.get(Prices).findOrFail(1)).toMatchObject({ place: 'primary' })
  })

  it('do not answer a caller that has just written in another call', async () => {
    await using open = await boot({ replicaStickyMs: 2000 })
    const { app, clock } = open
    const ann = app.as({ id: 'ann' })
    const ask = async (who: { request: typeof app.request }, path: string, method = 'GET') =>
      ((await (await who.request(`/prices${path}`, { method })).json()) as { find: string }).find

    expect(await ask(ann, '/')).toBe('replica')
    await ask(ann, '/written', 'POST')

    expect([await ask(ann, '/'), await ask(app.as({ id: 'bob' }), '/')]).toEqual(['primary', 'replica'])
    await clock.advance(2000)
    expect(await ask(ann, '/')).toBe('replica')
  })

  it('are left out while they are too far behind', async () => {
    await using open = await boot({ replicaMaxLagMs: 1500, replicaLagSql: 'SELECT COUNT(*) - 2 AS lag FROM price' })
    const { app, ask } = open
    const follower = app.get(Database).replicas!.all[0]!
    expect(await ask('/')).toEqual(onlyFrom('replica'))

    await follower.source.getRepository(Price).insert([3, 4].map((id) => ({ id, place: 'replica' })))
    await follower.measure()

    expect(await ask('/')).toEqual(onlyFrom('primary'))
    expect(await app.get(Health).ready()).toEqual({
      status: 'degraded',
      checks: { database: 'up', 'database.replicas': 'down' },
    })
    await follower.source.getRepository(Price).delete([3, 4])
    await follower.measure()
    expect(await ask('/')).toEqual(onlyFrom('replica'))
    expect(open.logs()).toEqual([
      expect.stringMatching(/is not read, the primary answers for it: it is 2000 ms behind/),
      expect.stringMatching(/is read again\.$/),
    ])
  })

  it('are replaced by the primary when they are lost, with one line', async () => {
    await using open = await boot()
    const { app, ask } = open
    const follower = app.get(Database).replicas!.all[0]!
    expect(await ask('/')).toEqual(onlyFrom('replica'))

    await follower.source.query('DROP TABLE price')

    expect(await ask('/')).toEqual(onlyFrom('primary'))
    expect(await ask('/')).toEqual(onlyFrom('primary'))
    expect(open.logs()).toHaveLength(1)
    await open.lose()
    expect(await app.get(Health).ready()).toMatchObject({ status: 'degraded' })
    expect(await ask('/')).toEqual(onlyFrom('primary'))
    expect(open.logs()).toHaveLength(1)
  })
})
