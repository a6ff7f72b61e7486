import { Controller, Get, Health, Module, Post, Service } from 'tenon'
import {
  Audited,
  BaseRepository,
  Column,
  Database,
  DataModule,
  DataSource,
  Entity,
  History,
  HistoryModule,
  ManyToOne,
  Migrations,
  Model,
  PrimaryGeneratedColumn,
  Repository,
  Table,
  Transactional,
  UnitOfWork,
  type Migration,
  type QueryRunner,
  type Relation,
  type SourceSettings,
} from 'tenon/data'
import { testApp } from 'tenon/testing'

import { PoolGauges } from '../../../../modules/data/pool-gauges.ts'
import { onEveryDatabase } from '../on-every-database.ts'

@Entity()
class Order {
  @PrimaryGeneratedColumn()
  id!: number

  @Column({ length: 255 })
  title!: string
}

@Entity()
@Audited()
class Sale {
  @PrimaryGeneratedColumn()
  id!: number

  @Column({ length: 255 })
  title!: string
}

@Entity()
@DataSource('reports')
class Summary extends Model {
  @PrimaryGeneratedColumn()
  id!: number

  @Column({ length: 255 })
  text!: string
}

@Repository(Order)
class Orders extends BaseRepository<Order> {}

@DataSource('reports')
@Repository(Sale)
class Sales extends BaseRepository<Sale> {
  titles(): Promise<{ title: string }[]> {
    return this.sql<{ title: string }>`SELECT title FROM sale ORDER BY id`
  }
}

function tableOf(name: string, column: string): Table {
  return new Table({
    name,
    columns: [
      { name: 'id', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
      { name: column, type: 'varchar', length: '255' },
    ],
  })
}

class CreateOrders1751328000000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(tableOf('order', 'title'))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('order')
  }
}

class CreateSales1751328000001 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(tableOf('sale', 'title'))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('sale')
  }
}

/** Listed by the module: it says itself where it belongs. */
@DataSource('reports')
class CreateSummaries1751328000002 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(tableOf('summary', 'text'))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('summary')
  }
}

@Entity()
@DataSource('reports')
class Line {
  @PrimaryGeneratedColumn()
  id!: number

  @ManyToOne(() => Order)
  order!: Relation<Order>
}

function related() {
  @Module({
    imports: [DataModule.with({ sources: { reports: { url: 'sqlite::memory:' } } })],
    providers: [Orders],
    entities: [Line],
  })
  class RelatedModule {}
  return RelatedModule
}

@Service()
class Shop {
  readonly #orders: Orders
  readonly #sales: Sales

  constructor(orders: Orders, sales: Sales) {
    this.#orders = orders
    this.#sales = sales
  }

  @Transactional({ source: 'reports' })
  async sellAndFail(): Promise<void> {
    await this.#sales.insert({ title: 'lost' })
    throw new Error('no')
  }

  @Transactional()
  async orderAndSell(): Promise<void> {
    await this.#orders.insert({ title: 'never' })
    await this.#sales.insert({ title: 'never' })
  }

  @Transactional()
  async orderAndCount(): Promise<number> {
    await this.#orders.insert({ title: 'counted' })
    return this.#sales.count()
  }

  @Transactional()
  async orderAndJoin(): Promise<void> {
    await this.sellIn()
  }

  @Transactional({ source: 'reports' })
  async sellIn(): Promise<void> {
    await this.#sales.insert({ title: 'joined' })
  }

  @Transactional()
  async orderBesideAndFail(): Promise<void> {
    await this.#orders.insert({ title: 'undone' })
    await this.sellBeside()
    throw new Error('no')
  }

  @Transactional({ source: 'reports', propagation: 'requires-new' })
  async sellBeside(): Promise<void> {
    await this.#sales.insert({ title: 'kept' })
  }
}

@Controller('/shop')
class ShopController {
  readonly #sales: Sales

  constructor(sales: Sales) {
    this.#sales = sales
  }

  @Get('/sales')
  sales(): Promise<Sale[]> {
    return this.#sales.find({ order: { id: 'ASC' } })
  }

  @Post('/sales')
  @Transactional({ source: 'reports' })
  async sell(): Promise<void> {
    await this.#sales.insert({ title: 'over HTTP' })
    throw new Error('rolled back')
  }
}

function shopWith(url: string, reports: SourceSettings) {
  @Module({
    imports: [HistoryModule, DataModule.with({ url, migrations: [CreateOrders1751328000000], sources: { reports } })],
    controllers: [ShopController],
    providers: [Shop, Orders, Sales],
    entities: [Summary],
    migrations: [CreateSummaries1751328000002],
  })
  class ShopModule {}
  return ShopModule
}

onEveryDatabase('Named sources', ({ create }) => {
  async function boot(settings: SourceSettings = {}) {
    const first = await create()
    const second = await create()
    const app = await testApp(
      shopWith(first.url, { url: second.url, migrations: [CreateSales1751328000001], ...settings }),
    ).boot()
    return {
      app,
      shop: app.get(Shop),
      orders: app.get(Orders),
      sales: app.get(Sales),
      async [Symbol.asyncDispose]() {
        await app.close()
        await first[Symbol.asyncDispose]()
        await second[Symbol.asyncDispose]()
      },
    }
  }

  it('have tables, migrations and entities of their own', async () => {
    await using open = await boot()
    const { named } = { named: (name?: string) => open.app.get(Database).named(name).source }
    const migrations = open.app.get(Migrations)

    expect(
      named()
        .entityMetadatas.map(({ name }) => name)
        .toSorted(),
    ).toEqual(['EntityChange', 'Order'])
    expect(
      named('reports')
        .entityMetadatas.map(({ name }) => name)
        .toSorted(),
    ).toEqual(['EntityChange', 'Sale', 'Summary'])
    expect((await migrations.status()).map(({ name }) => name)).toEqual([
      'CreateOrders1751328000000',
      'CreateDataHistory1783500000000',
    ])
    expect((await migrations.of('reports').status()).map(({ name }) => name)).toEqual([
      'CreateSales1751328000001',
      'CreateSummaries1751328000002',
      'CreateDataHistory1783500000000',
    ])
    expect((await migrations.of('reports').drift()).statements).toEqual([])
  })

  it('are read and written by their repositories, models and SQL', async () => {
    await using open = await boot()
    await open.orders.insert({ title: 'a' })
    const sale = await open.sales.insert({ title: 'b' })
    await open.sales.update(sale.id, { title: 'c' })
    await Summary.create({ text: 'd' })

    expect(await open.sales.titles()).toEqual([{ title: 'c' }])
    expect(await open.sales.where({ title: 'c' }).count()).toBe(1)
    expect(await Summary.where({ text: 'd' })).toMatchObject([{ id: 1 }])
    expect(await open.app.get(Database).named('reports').source.query('SELECT text FROM summary')).toEqual([
      { text: 'd' },
    ])
    expect((await open.app.get(History).of(Sale, sale.id)).map(({ action }) => action)).toEqual(['update', 'insert'])
  })

  it('have transactions of their own', async () => {
    await using open = await boot()

    await expect(open.shop.sellAndFail()).rejects.toThrow('no')
    await expect(
      open.app
        .get(UnitOfWork)
        .transaction(() => open.sales.insert({ title: 'x' }), { source: 'reports', readOnly: true }),
    ).rejects.toMatchObject({ code: 'DATA_TRANSACTION_READ_ONLY' })
    expect((await open.app.request('/shop/sales', { method: 'POST' })).status).toBe(500)

    expect(await (await open.app.request('/shop/sales')).json()).toEqual([])
  })

  it('cannot take part in the transaction of another one, and say so', async () => {
    await using open = await boot()

    await expect(open.shop.orderAndSell()).rejects.toMatchObject({ code: 'DATA_TRANSACTION_ELSEWHERE' })
    await expect(open.shop.orderAndJoin()).rejects.toMatchObject({ code: 'DATA_TRANSACTION_ELSEWHERE' })

    expect([await open.orders.count(), await open.sales.count()]).toEqual([0, 0])
    expect(await open.shop.orderAndCount()).toBe(0)
    await expect(open.shop.orderBesideAndFail()).rejects.toThrow('no')
    expect(await open.orders.find()).toMatchObject([{ title: 'counted' }])
    expect(await open.sales.titles()).toEqual([{ title: 'kept' }])
  })

  it('have a health check and gauges of their own', async () => {
    await using open = await boot({ critical: false })
    expect((await open.app.request('/health/ready')).status).toBe(200)

    expect(await open.app.get(Health).ready()).toEqual({
      status: 'up',
      checks: { database: 'up', 'database.reports': 'up' },
    })
    expect(open.app.get(PoolGauges).waiting()).toEqual([
      { value: 0, attributes: {} },
      { value: 0, attributes: { 'db.client.connection.pool.name': 'reports' } },
    ])
    await open.app.get(Database).named('reports').close()
    expect(await open.app.get(Health).ready()).toMatchObject({
      status: 'degraded',
      checks: { database: 'up', 'database.reports': 'down' },
    })
  })
})

describe('Settings of named sources', () => {
  it('may stand in the environment', async () => {
    @Module({ imports: [HistoryModule, DataModule], providers: [Orders, Sales] })
    class ShopModule {}
    const app = await testApp(ShopModule).env({ DATABASE_URL_REPORTS: 'sqlite::memory:' }).boot()

    expect(app.get(Database).all.map(({ name }) => name)).toEqual(['default', 'reports'])
    await app.close()
  })

  it('are asked for where code names a source that nobody has set', async () => {
    @Module({
      imports: [DataModule.with({ sources: { report: { url: 'sqlite::memory:' } } })],
      providers: [Shop, Orders, Sales],
    })
    class ShopModule {}

    const message = await testApp(ShopModule)
      .boot()
      .then(() => '', String)

    expect(message).toContain('Sales names the data source reports, and no settings have it.')
    expect(message).toContain('@Transactional of Shop.sellAndFail names the data source reports')
    expect(message).toContain('Did you mean report? Otherwise set DATABASE_URL_REPORTS.')
    expect(message).toMatch(/sources\.test\.[jt]s:\d+/)
  })

  it('keep entities of two sources from being related', async () => {
    const message = await testApp(related())
      .boot()
      .then(() => '', String)

    expect(message).toContain('Line.order is a relation to Order, which is not in the data source reports.')
  })

  it('are named in the error of a name that is only known at run time', async () => {
    @Module({ imports: [DataModule.with({ sources: { reports: { url: 'sqlite::memory:' } } })], providers: [Orders] })
    class ShopModule {}
    await using app = await testApp(ShopModule).boot()

    expect(() => app.get(Database).named('report')).toThrow(
      'There is no data source report; did you mean reports? Known: default, reports.',
    )
  })
})
