import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Database, DataModule, Migrations, UnitOfWork } from 'tenon/data'
import { acrossTenants, runAsTenant, TenancyModule } from 'tenon/tenancy'
import { testApp, type TestApp } from 'tenon/testing'

import { DeskModule, Tickets } from './desk.ts'
import { createOrdinaryDatabase, onPostgres } from './ordinary-user.ts'

interface Client {
  query(text: string): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>
  release(): void
}

/** The pool itself: past everything that looks at statements. */
function poolOf(app: TestApp): { connect(): Promise<Client> } {
  return (app.get(Database).source.driver as unknown as { readonly master: { connect(): Promise<Client> } }).master
}

async function past(app: TestApp, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = await poolOf(app).connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    client.release()
  }
}

const suite = await onPostgres("PostgreSQL's policies")

suite(() => {
  let database: Awaited<ReturnType<typeof createOrdinaryDatabase>>
  let app: TestApp

  beforeAll(async () => {
    database = await createOrdinaryDatabase()
    app = await testApp(DeskModule, DataModule.with({ url: database.url, synchronize: true, poolSize: 2 })).boot()
    for (const tenant of ['acme', 'globex']) {
      await runAsTenant(tenant, () => app.get(Tickets).insertMany([{ title: `${tenant} 1` }, { title: `${tenant} 2` }]))
    }
  })

  afterAll(async () => {
    await app.close()
    await database[Symbol.asyncDispose]()
  })

  it('stop what passes by everything else', async () => {
    const all = 'SELECT title FROM ticket ORDER BY id'

    const seen = [
      await runAsTenant('acme', () => past(app, all)),
      await runAsTenant('globex', () => past(app, all)),
      await past(app, all),
      await acrossTenants('the test looks', () => past(app, all)),
    ].map((rows) => rows.map(({ title }) => title))
    const changed = await runAsTenant('acme', () =>
      past(app, "UPDATE ticket SET title = 'x' WHERE title LIKE 'globex%' RETURNING id"),
    )
    const planted = runAsTenant('acme', () =>
      past(app, `INSERT INTO ticket (title, "tenantId") VALUES ('x', 'globex')`),
    )

    await expect(planted).rejects.toThrow('row-level security')
    expect(changed).toEqual([])
    expect(seen).toEqual([
      ['acme 1', 'acme 2'],
      ['globex 1', 'globex 2'],
      [],
      ['acme 1', 'acme 2', 'globex 1', 'globex 2'],
    ])
  })

  it('let the repositories see what they are to see', async () => {
    const tickets = app.get(Tickets)

    const counts = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        runAsTenant(index % 2 === 0 ? 'acme' : 'globex', async () => [
          (await tickets.find()).filter(({ tenantId }) => tenantId === (index % 2 === 0 ? 'acme' : 'globex')).length,
          await tickets.count(),
        ]),
      ),
    )

    expect(new Set(counts.map(String))).toEqual(new Set(['2,2']))
    expect(await acrossTenants('the sum', () => tickets.count())).toBe(4)
  })

  it('follow code that acts for somebody else within its transaction', async () => {
    const tickets = app.get(Tickets)
    const unitOfWork = app.get(UnitOfWork)

    const counts = await runAsTenant('acme', () =>
      unitOfWork.transaction(async () => {
        const own = (await tickets.find()).length
        const all = await acrossTenants('the sum', () => tickets.find())
        await unitOfWork
          .transaction(
            () =>
              runAsTenant('globex', async () => {
                await tickets.insert({ title: 'taken back' })
                throw new Error('taken back')
              }),
            { propagation: 'nested' },
          )
          .catch(() => undefined)
        return [own, all.length, (await tickets.find()).length, await tickets.count()]
      }),
    )

    expect(counts).toEqual([2, 4, 2, 2])
  })

  it('are told anew whatever a connection was told before', async () => {
    const settings = "SELECT current_setting('tenon.owner') AS owner"
    await runAsTenant('globex', () => past(app, "SET tenon.owner = '*'"))
    await runAsTenant('globex', () => past(app, "SELECT set_config('tenon.owner', 'globex', false)"))

    const owners = await runAsTenant('acme', () => Promise.all([past(app, settings), past(app, settings)]))

    expect(owners.flat()).toEqual([{ owner: 'acme' }, { owner: 'acme' }])
  })

  it('are written into generated migrations, once', async () => {
    await using other = await createOrdinaryDatabase()
    const folder = await mkdtemp(join(tmpdir(), 'tenon-policies-'))
    await using fresh = await testApp(DeskModule, DataModule.with({ url: other.url, migrate: true })).boot()

    const generated = await fresh.get(Migrations).generate({ name: 'create-desk', folder })
    const text = await readFile(generated!.file, 'utf8')
    await rm(folder, { recursive: true })

    expect(text).toContain('CREATE POLICY tenon_owner ON "ticket"')
    expect(text).toContain('ALTER TABLE "ticket" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
    expect(text).not.toContain('tenon_owner ON "plan"')
    expect((await app.get(Migrations).drift()).statements).toEqual([])
  })

  it('are left out, with what connections are told, where they are not wanted', async () => {
    await using other = await createOrdinaryDatabase()
    await using bare = await testApp(
      DeskModule,
      TenancyModule.with({ rowSecurity: false }),
      DataModule.with({ url: other.url, synchronize: true }),
    ).boot()

    const [state] = await past(bare, "SELECT relrowsecurity AS on FROM pg_class WHERE relname = 'ticket'")

    expect(state).toEqual({ on: false })
    expect(await runAsTenant('acme', () => bare.get(Tickets).count())).toBe(0)
  })
})
