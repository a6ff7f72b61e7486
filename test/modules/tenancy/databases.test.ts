import { Database, DataModule, UnitOfWork, type Migration, type QueryRunner } from 'tenon/data'
import { acrossTenants, runAsTenant, TenancyModule, Tenants, TenantScoped } from 'tenon/tenancy'
import { testApp, type TestApp } from 'tenon/testing'

import { onEveryDatabase, type DatabaseUnderTest } from '../data/on-every-database.ts'
import { ApartDeskModule, Customers, Labels, Notices, Ticket, Tickets } from './apart-desk.ts'
import { DeskModule } from './desk.ts'

const APART = TenancyModule.with({ strategy: 'database' })
const TENANTS = ['acme', 'globex'] as const

interface World extends AsyncDisposable {
  readonly app: TestApp
  readonly url: string
}

async function open(under: DatabaseUnderTest, settings: object = {}, data: object = {}): Promise<World> {
  const created = await under.create()
  const app = await testApp(
    ApartDeskModule,
    DataModule.with({ url: created.url, synchronize: true, ...data }),
    TenancyModule.with({ strategy: 'database', ...settings }),
  ).boot()
  for (const id of TENANTS) await app.get(Tenants).create({ id })
  return {
    app,
    url: created.url,
    [Symbol.asyncDispose]: async () => {
      for (const { id } of await app.get(Tenants).list()) await app.get(Database).dropOf(id)
      await app.close()
      await created[Symbol.asyncDispose]()
    },
  }
}

async function fill(app: TestApp): Promise<void> {
  for (const tenant of TENANTS) {
    await runAsTenant(tenant, async () => {
      const customer = await app.get(Customers).insert({ email: 'ada@example.com' })
      const label = await app.get(Labels).insert({ text: `${tenant} label` })
      await app.get(Tickets).save(Object.assign(new Ticket(), { title: tenant, customer, labels: [label] }))
    })
  }
}

async function codeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    return (error as { readonly code?: string }).code ?? String(error)
  }
}

onEveryDatabase('A database for each tenant', (under) => {
  if (under.name === 'SQLite in memory') {
    it('cannot be in memory', async () => {
      const booting = testApp(ApartDeskModule, DataModule.with({ url: 'sqlite::memory:' }), APART).boot()

      await expect(booting).rejects.toMatchObject({ code: 'TENANCY_STRATEGY_UNSUPPORTED' })
    })
    return
  }

  it('has rows that nobody else reaches, with the same code', async () => {
    await using world = await open(under)
    const { app } = world
    await fill(app)
    const tickets = app.get(Tickets)
    const ask = async (tenant: string, path: string, init = {}): Promise<[number, unknown]> => {
      const response = await app.as({ id: 'ada', tenant }).request(path, init)
      return [response.status, await response.json()]
    }

    const lists = [await ask('acme', '/tickets'), await ask('globex', '/tickets')]
    const made = await ask('acme', '/tickets', { json: { title: 'second' } })
    const inOther = await ask('globex', '/tickets/2')
    const joined = await runAsTenant('globex', () => tickets.find({ relations: { customer: true, labels: true } }))

    expect(lists).toMatchObject([
      [200, [{ id: 1, title: 'acme', tenantId: 'acme' }]],
      [200, [{ id: 1, title: 'globex', tenantId: 'globex' }]],
    ])
    expect([made, inOther]).toMatchObject([
      [201, { id: 2 }],
      [404, { code: 'DATA_ENTITY_NOT_FOUND' }],
    ])
    expect(joined).toMatchObject([{ customer: { email: 'ada@example.com' }, labels: [{ text: 'globex label' }] }])
    expect(await codeOf(() => tickets.find())).toBe('TENANCY_TENANT_REQUIRED')
    expect(await codeOf(() => acrossTenants('all', () => tickets.find()))).toBe('DATA_ROWS_APART')
    expect(await codeOf(() => runAsTenant('nobody', () => tickets.find()))).toBe('DATA_OWNER_DATABASE_MISSING')
    // Whose rows they are still counts: a row that names somebody else is refused in every database.
    expect(await codeOf(() => runAsTenant('acme', () => tickets.insert({ title: 'x', tenantId: 'globex' })))).toBe(
      'DATA_ROW_FOREIGN',
    )
  })

  it('stands beside the one with what is everybody’s', async () => {
    await using world = await open(under)
    const { app } = world
    await app.get(Notices).insert({ text: 'closed on Monday' })

    const response = await app.as({ id: 'ada', tenant: 'acme' }).request('/tickets/notices')

    expect(await response.json()).toEqual({ tenant: 'acme', tickets: 0, notices: 1 })
    await runAsTenant('acme', () => app.get(Notices).insert({ text: 'open again' }))
    expect(await app.get(Notices).count()).toBe(2)
    // The tables of tenants are not there at all.
    const { source } = app.get(Database)
    const found = await codeOf(() => acrossTenants('to look', () => source.query('SELECT * FROM ticket')))
    expect(String(found)).toMatch(/ticket|ERROR|42P01|ER_NO_SUCH_TABLE/)
    expect(Array.isArray(found)).toBe(false)
  })

  it('has transactions of its own, also inside those of another', async () => {
    await using world = await open(under)
    const { app } = world
    const tickets = app.get(Tickets)
    const unitOfWork = app.get(UnitOfWork)

    const failed = await app.as({ id: 'ada', tenant: 'acme' }).request('/tickets/fail', { json: { title: 'x' } })
    const afterFailure = await runAsTenant('acme', () => tickets.count())
    await runAsTenant('acme', () =>
      unitOfWork
        .transaction(async () => {
          await tickets.insert({ title: 'undone' })
          await runAsTenant('globex', () => tickets.insert({ title: 'kept' }))
          throw new Error('undo')
        })
        .catch(() => undefined),
    )

    expect([failed.status, afterFailure]).toEqual([500, 0])
    expect(await runAsTenant('acme', () => tickets.find())).toEqual([])
    expect(await runAsTenant('globex', () => tickets.find())).toMatchObject([{ title: 'kept', tenantId: 'globex' }])
  })

  it('is opened when it is needed, and closed for others: never more than may be, never one in use', async () => {
    // So long the third of three that are nested waits in vain.
    await using world = await open(under, { openDatabases: 2 }, { poolWaitMs: 1000 })
    const { app } = world
    const [database, tickets, tenants] = [app.get(Database), app.get(Tickets), app.get(Tenants)]
    for (const id of ['umbrella', 'initech']) await tenants.create({ id })
    const before = database.openOwners
    const most: number[] = []

    for (const id of [...TENANTS, 'umbrella', 'initech', 'acme']) {
      await runAsTenant(id, () => tickets.insert({ title: id }))
      most.push(database.openOwners)
    }
    const nested = await codeOf(() =>
      runAsTenant('acme', () => runAsTenant('globex', () => runAsTenant('umbrella', () => tickets.count()))),
    )
    const again = await runAsTenant('acme', () => tickets.count())

    expect(before).toBe(0)
    expect(most).toEqual([1, 2, 2, 2, 2])
    expect([nested, again]).toEqual(['DATA_OWNER_DATABASES_BUSY', 2])
  })

  it('is exported, and dropped whole', async () => {
    await using world = await open(under)
    const { app } = world
    await fill(app)
    const tenants = app.get(Tenants)

    const rows: { table: string }[] = []
    for await (const row of tenants.export('acme')) rows.push(row)
    await tenants.suspend('acme')
    const { tables } = await tenants.delete('acme')

    expect(rows.map(({ table }) => table).toSorted()).toEqual(['customer', 'label', 'ticket'])
    expect(tables).toContainEqual({ table: 'ticket', deleted: 1, left: 0 })
    expect(await app.get(Database).hasOf('acme')).toBe(false)
    expect((await app.as({ id: 'ada', tenant: 'acme' }).request('/tickets')).status).toBe(404)
    expect(await runAsTenant('globex', () => app.get(Tickets).count())).toBe(1)
  })

  it('is migrated by itself: one that fails stops no other, and is continued', async () => {
    const trouble = { isOn: true }
    const quote = under.kind === 'mariadb' ? '`' : '"'

    @TenantScoped()
    class CreateTickets1751328000000 implements Migration {
      async up(runner: QueryRunner): Promise<void> {
        await runner.query(
          `CREATE TABLE ticket (id integer PRIMARY KEY, ${quote}tenantId${quote} varchar(64) NOT NULL, title varchar(100) NOT NULL)`,
        )
      }

      async down(): Promise<void> {}
    }
    @TenantScoped()
    class AddRank1751328000001 implements Migration {
      async up(runner: QueryRunner): Promise<void> {
        await runner.query('ALTER TABLE ticket ADD COLUMN rank integer')
        const { database } = runner.dataSource.options
        if (trouble.isOn && String(database).includes('acme')) throw new Error('trouble')
      }

      async down(): Promise<void> {}
    }
    await using world = await open(under, {}, { synchronize: false, migrations: [CreateTickets1751328000000] })
    await using app = await testApp(
      ApartDeskModule,
      DataModule.with({ url: world.url, migrations: [CreateTickets1751328000000, AddRank1751328000001] }),
      APART,
    ).boot()

    const first = await app.get(Tenants).migrateAll()
    trouble.isOn = false
    const second = await app.get(Tenants).migrateAll()
    const third = await app.get(Tenants).migrateAll()

    expect(first).toMatchObject({
      migrated: [{ tenant: 'globex', migrations: ['AddRank1751328000001'] }],
      failed: [{ tenant: 'acme', error: 'trouble' }],
    })
    expect(second).toMatchObject({ migrated: [{ tenant: 'acme' }], failed: [], unchanged: 1 })
    expect(third).toEqual({ migrated: [], failed: [], unchanged: 2 })
  })
})

describe('A database for each tenant', () => {
  it('is refused to entities that point at rows of everybody', async () => {
    const url = `sqlite:${import.meta.dirname}/never-made.sqlite`

    const booting = testApp(DeskModule, DataModule.with({ url, migrate: false }), APART).boot()

    await expect(booting).rejects.toMatchObject({ code: 'TENANCY_RELATION_APART' })
  })
})
