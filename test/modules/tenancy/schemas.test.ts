import { Database, DataModule, UnitOfWork, type Migration, type QueryRunner } from 'tenon/data'
import { runAsTenant, TenancyModule, Tenants, TenantScoped } from 'tenon/tenancy'
import { testApp, type TestApp } from 'tenon/testing'

import { Customers, DeskModule, Plans, Tickets, type Ticket } from './desk.ts'
import { CreateDesk1751328000001, CreatePlans1751328000000 } from './desk-migrations.ts'
import { createOrdinaryDatabase, onPostgres } from './ordinary-user.ts'

/** Fails for one tenant, as long as it is told to. */
const trouble = { of: undefined as string | undefined }

@TenantScoped()
class AddLinks1751328000002 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE ticket_labels_label ("ticketId" integer NOT NULL, "labelId" integer NOT NULL)')
    const [{ schema }] = (await runner.query('SELECT current_schema() AS schema')) as [{ schema: string }]
    if (schema === `tenant_${trouble.of}`) await runner.query('SELECT 1 / 0')
  }

  async down(): Promise<void> {}
}

async function schemaOf(app: TestApp): Promise<string> {
  const [row] = (await app.get(Database).source.query('SELECT current_schema() AS schema')) as [{ schema: string }]
  return row.schema
}

const suite = await onPostgres('A schema for each tenant')

suite(() => {
  let database: Awaited<ReturnType<typeof createOrdinaryDatabase>>
  let app: TestApp

  const boot = (url: string, ...migrations: (typeof CreatePlans1751328000000)[]): Promise<TestApp> =>
    testApp(
      DeskModule,
      TenancyModule.with({ strategy: 'schema' }),
      DataModule.with({
        url,
        poolSize: 2,
        migrations: [CreatePlans1751328000000, CreateDesk1751328000001, ...migrations],
      }),
    ).boot()

  beforeAll(async () => {
    database = await createOrdinaryDatabase('', 'pg_monitor')
    app = await boot(database.url)
    for (const tenant of ['acme', 'globex']) {
      await app.get(Tenants).create({ id: tenant })
      await runAsTenant(tenant, () => app.get(Tickets).insert({ title: tenant }))
    }
  })

  afterAll(async () => {
    await app.close()
    await database[Symbol.asyncDispose]()
  })

  it('has tables of its own, with the same code', async () => {
    const tickets = app.get(Tickets)

    const first = await runAsTenant('acme', () => tickets.findOrFail(1))
    const second = await runAsTenant('globex', () => tickets.findOrFail(1))

    expect([first.title, second.title]).toEqual(['acme', 'globex'])
    await expect(runAsTenant('nobody', () => tickets.find())).rejects.toMatchObject({
      code: 'DATA_OWNER_SCHEMA_MISSING',
    })
    await expect(tickets.find()).rejects.toMatchObject({ code: 'TENANCY_TENANT_REQUIRED' })
  })

  it("shares what is everybody's", async () => {
    const plan = await app.get(Plans).insert({ name: 'free' })

    const found = await runAsTenant('acme', async () => {
      await app.get(Customers).insert({ email: 'ada@example.com', plan })
      return app.get(Customers).find({ relations: { plan: true } })
    })

    expect(found).toMatchObject([{ plan: { name: 'free' } }])
  })

  it('is where each connection looks, whoever had it before', async () => {
    await runAsTenant('globex', () => app.get(Database).source.query('SET search_path = public'))
    const asked = Array.from({ length: 40 }, (_, index) => {
      const tenant = index % 2 === 0 ? 'acme' : 'globex'
      return runAsTenant(tenant, async () => {
        const titles = (await app.get(Tickets).find()).map(({ title }) => title)
        return [await schemaOf(app), ...titles].join() === `tenant_${tenant},${tenant}`
      })
    })

    expect(new Set(await Promise.all(asked))).toEqual(new Set([true]))
    expect(await schemaOf(app)).toBe('public')
  })

  it.each([
    'SET search_path = tenant_acme, public',
    `SELECT set_config('search_path', 'tenant_acme', false), set_config('tenon.owner', '*', false)`,
    'RESET ALL',
    'DISCARD ALL',
    'DEALLOCATE ALL',
    'CREATE TEMP TABLE IF NOT EXISTS ticket (LIKE tenant_acme.ticket)',
    'SET ROLE NONE; SET ROLE pg_monitor',
    'SELECT pg_terminate_backend(pg_backend_pid())',
  ])('is on every connection anew, also after %s', async (statement) => {
    const unitOfWork = app.get(UnitOfWork)
    const tickets = app.get(Tickets)
    const titles = () => tickets.find().then((rows) => rows.map(({ title }) => title))
    // Every connection of the pool: by itself, and by a transaction that is kept.
    const spoil = () => unitOfWork.manager.query(statement).catch(() => undefined)
    await Promise.all([0, 1].map(() => runAsTenant('acme', spoil)))
    await Promise.all([0, 1].map(() => runAsTenant('acme', () => unitOfWork.transaction(spoil)).catch(() => undefined)))

    const seen = await Promise.all(Array.from({ length: 6 }, () => runAsTenant('globex', titles)))
    const within = await runAsTenant('globex', () =>
      unitOfWork.transaction(async () => [await titles(), (await spoil()) && 'spoilt', await titles()]),
    ).catch(() => ['refused'])

    expect(seen).toEqual(Array.from({ length: 6 }, () => ['globex']))
    expect(['globex,spoilt,globex', 'refused']).toContain(within.join())
  })

  it('is where relations are read that two tenants ask for within one tick', async () => {
    const [tickets, customers] = [app.get(Tickets), app.get(Customers)]
    const fill = (tenant: string): Promise<Ticket> =>
      runAsTenant(tenant, async () => {
        const customer = await customers.insert({ email: `${tenant}@example.com` })
        await tickets.update(1, { customer })
        return tickets.findOrFail(1)
      })
    const [ours, theirs] = [await fill('acme'), await fill('globex')]

    const related = await Promise.all([
      runAsTenant('acme', () => tickets.related(ours, 'customer')),
      runAsTenant('globex', () => tickets.related(theirs, 'customer')),
    ])

    expect(related).toMatchObject([{ email: 'acme@example.com' }, { email: 'globex@example.com' }])
  })

  it('changes within a transaction with whom the code acts for', async () => {
    const unitOfWork = app.get(UnitOfWork)
    const tickets = app.get(Tickets)

    const titles = await runAsTenant('acme', () =>
      unitOfWork.transaction(async () => [
        (await tickets.find())[0]?.title,
        await runAsTenant('globex', async () => (await tickets.find())[0]?.title),
        (await tickets.find())[0]?.title,
      ]),
    )

    expect(titles).toEqual(['acme', 'globex', 'acme'])
  })

  it('is migrated by itself: one that fails stops no other, and is tried again', async () => {
    await app.close()
    app = await boot(database.url, AddLinks1751328000002)
    const tenants = app.get(Tenants)
    trouble.of = 'acme'

    const first = await tenants.migrateAll()
    trouble.of = undefined
    const second = await tenants.migrateAll()
    const third = await tenants.migrateAll()

    expect(first).toMatchObject({
      migrated: [{ tenant: 'globex', migrations: ['AddLinks1751328000002'] }],
      failed: [{ tenant: 'acme', error: 'division by zero' }],
      unchanged: 0,
    })
    expect(second).toMatchObject({ migrated: [{ tenant: 'acme' }], failed: [], unchanged: 1 })
    expect(third).toEqual({ migrated: [], failed: [], unchanged: 2 })
  })

  it('is asked one after the other where all are meant, and dropped whole', async () => {
    const tenants = app.get(Tenants)
    const counts: Record<string, number> = {}

    await tenants.forEach('a sum', async ({ id }) => (counts[id] = await app.get(Tickets).count()))
    await tenants.suspend('globex')
    const { tables } = await tenants.delete('globex')

    expect(counts).toEqual({ acme: 1, globex: 1 })
    expect(tables).toContainEqual({ table: 'ticket', deleted: 1, left: 0 })
    await expect(runAsTenant('globex', () => app.get(Tickets).find())).rejects.toMatchObject({
      code: 'DATA_OWNER_SCHEMA_MISSING',
    })
    expect(await runAsTenant('acme', () => app.get(Tickets).count())).toBe(1)
  })
})
