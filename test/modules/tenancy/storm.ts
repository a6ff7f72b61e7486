/** Calls of many callers of many tenants at once, over few connections, with failures and time-outs among them. */
import { Body, Controller, ctx, Inject, Module, Post } from 'tenon'
import { Database, DatabaseConfig, DataModule, UnitOfWork } from 'tenon/data'
import type { Class, ConfiguredModule } from 'tenon/decorators'
import { acrossTenants, runAsTenant, TenantDirectory, TenantScoped, type TenantRecord } from 'tenon/tenancy'
import { testApp, type TestApp } from 'tenon/testing'
import { IsIn, IsInt } from 'class-validator'

import type * as desk from './desk.ts'

const CALLERS = 64
export const TENANTS = Array.from({ length: 16 }, (_, index) => `tenant-${index}`)
const KINDS = ['read', 'join', 'page', 'write', 'transaction', 'fail', 'late', 'broken', 'crossing', 'raw'] as const
type Kind = (typeof KINDS)[number] | 'hijack'

class Wanted {
  @IsIn([...KINDS, 'hijack']) kind!: Kind
  @IsInt() id!: number
}

interface Seen {
  readonly rows: readonly { readonly title: string; readonly tenantId?: string }[]
}

/** What the storm is over. */
export interface Sea extends Pick<typeof desk, 'Ticket' | 'Tickets' | 'Customers'> {
  readonly module: Class
  readonly tenancy: ConfiguredModule
  readonly data?: Partial<DatabaseConfig>
  /** What tenants do not share. */
  readonly apart?: 'schemas' | 'databases'
  /** What a handler sends on its connection, to leave it as another tenant's behind. */
  readonly hijacks?: (other: string) => readonly string[]
  /** Makes what each tenant needs. */
  readonly prepare?: (app: TestApp) => Promise<void>
  readonly finish?: (app: TestApp) => Promise<void>
}

/** Every kind of work, each answering the rows that it has seen. */
function stormModuleOf({ module, Ticket, Tickets, Customers, apart, hijacks }: Sea): Class {
  @TenantScoped()
  @Controller('/storm')
  class StormController {
    constructor(
      @Inject(Tickets) private readonly tickets: desk.Tickets,
      @Inject(Customers) private readonly customers: desk.Customers,
      private readonly unitOfWork: UnitOfWork,
    ) {}

    @Post() async work(@Body() { kind, id }: Wanted): Promise<Seen> {
      return { rows: await this.#work(kind, id) }
    }

    async #work(kind: Kind, id: number): Promise<Seen['rows']> {
      const title = `${ctx().tenant} ${id}`
      if (kind === 'read') return this.tickets.find({ take: 20, order: { id: 'DESC' } })
      if (kind === 'join') return this.tickets.find({ relations: { customer: true }, take: 5 })
      if (kind === 'page') return (await this.tickets.paginate({ size: 5 })).items
      if (kind === 'write') return [await this.tickets.insert({ title })]
      if (kind === 'raw')
        return this.tickets.queryBuilder('t').where('t.id <= :id OR 1 = 1', { id }).limit(10).getMany()
      if (kind === 'crossing') {
        if (apart) return runAsTenant(ctx().tenant!, () => this.tickets.find({ take: 3 }))
        const all = await acrossTenants('the storm', () => this.tickets.count())
        return all < 0 ? [] : this.tickets.find({ take: 3 })
      }
      if (kind === 'hijack' && id % 2 === 0) {
        await this.#hijack(id)
        return this.tickets.find({ take: 3 })
      }
      return this.unitOfWork.transaction(
        async () => {
          if (kind === 'hijack') await this.#hijack(id)
          const [customer] = await this.customers.find({ take: 1 })
          await this.tickets.save(Object.assign(new Ticket(), { title, customer: customer ?? null }))
          if (kind === 'fail') throw new Error('random failure')
          if (kind === 'broken') await this.tickets.queryBuilder('t').where('no_such_column = 1').getMany()
          await this.tickets.update({ title }, { rank: id })
          return this.tickets.findBy({ title })
        },
        kind === 'late' ? { timeout: 1 + (id % 5) } : {},
      )
    }

    async #hijack(id: number): Promise<void> {
      const statements = hijacks?.(TENANTS[id % TENANTS.length]!) ?? []
      // In a transaction on its connection; else on one of the pool, which somebody else has next.
      await this.unitOfWork.manager.query(statements[id % statements.length]!)
    }
  }

  @Module({ imports: [module], controllers: [StormController] })
  class StormModule {}
  return StormModule
}

class AnyTenant extends TenantDirectory {
  async find(id: string): Promise<TenantRecord> {
    return { id, name: id, state: 'active', settings: {}, limits: {} }
  }
}

/** mulberry32: the same storm every time. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface Storm {
  readonly foreign: readonly string[]
  readonly misplaced: readonly string[]
  readonly tenants: number
  readonly wasOne: boolean
}

export const CALM: Storm = { foreign: [], misplaced: [], tenants: TENANTS.length, wasOne: true }

export async function storm(url: string, calls: number, sea: Sea): Promise<Storm> {
  await using app = await testApp(
    stormModuleOf(sea),
    DataModule.with({ url, synchronize: true, poolSize: 4, poolWaitMs: 60_000, ...sea.data }),
    sea.tenancy,
  )
    .override(TenantDirectory)
    .withClass(AnyTenant)
    .boot()
  await sea.prepare?.(app)
  const callers = TENANTS.map((tenant) => app.as({ id: `caller of ${tenant}`, tenant, roles: ['auditor'] }))
  const statuses = new Map<number, number>()
  const foreign: string[] = []
  const kinds = sea.hijacks ? [...KINDS, 'hijack' as const] : KINDS
  let rows = 0
  const ask = async (index: number, kind: Kind, id: number): Promise<void> => {
    const tenant = TENANTS[index]!
    const response = await callers[index]!.request('/storm', { json: { kind, id } })
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
    const answer = (await response.json()) as Partial<Seen>
    for (const row of answer.rows ?? []) {
      rows += 1
      if (row.tenantId !== tenant || !row.title.startsWith(`${tenant} `))
        foreign.push(`${tenant} ${kind}: ${JSON.stringify(row)}`)
    }
  }
  // Every tenant has a row that another one could see, whatever else fails or comes too late.
  await Promise.all(TENANTS.map((_, index) => ask(index, 'write', index + 1)))
  let next = TENANTS.length
  const call = async (random: () => number): Promise<void> => {
    while (next < calls) {
      const index = Math.floor(random() * TENANTS.length)
      await ask(index, kinds[Math.floor(random() * kinds.length)]!, (next += 1))
      // What failed was logged with its stack: of so many calls that is more than a test may keep.
      if (next % 1000 === 0) app.logs.lines.length = 0
    }
  }

  await Promise.all(Array.from({ length: CALLERS }, (_, seed) => call(randomOf(seed))))

  const kept = await rowsIn(app, sea)
  await sea.finish?.(app)
  const misplaced = kept
    .filter(({ place, title, tenantId }) => place !== tenantId || !title.startsWith(`${tenantId} `))
    .map((row) => JSON.stringify(row))
  const answered = statuses.get(201) ?? 0
  const failed = statuses.get(500) ?? 0
  return {
    foreign,
    misplaced,
    tenants: new Set(kept.map(({ tenantId }) => tenantId)).size,
    // Calls were answered with rows, and calls failed: else nothing was shown.
    wasOne: rows > calls / 2 && answered > calls / 2 && failed > calls / 20 && kept.length > calls / 10,
  }
}

interface Kept {
  /** In whose database it was found. */
  readonly place: string
  readonly title: string
  readonly tenantId: string
}

function rowsIn(app: TestApp, sea: Sea): Promise<readonly Kept[]> {
  if (sea.apart === 'databases') return rowsApart(app, sea)
  return sea.apart === 'schemas' ? rowsOfSchemas(app) : rowsTogether(app, sea)
}

/** All that is in each schema, whoever it says it belongs to. */
async function rowsOfSchemas(app: TestApp): Promise<readonly Kept[]> {
  const { source } = app.get(Database)
  const select = TENANTS.map((place) => `SELECT '${place}' AS place, title, "tenantId" FROM "tenant_${place}".ticket`)
  return acrossTenants('the test looks', () => source.query<Kept[]>(select.join(' UNION ALL ')))
}

async function rowsTogether(app: TestApp, { Tickets }: Sea): Promise<readonly Kept[]> {
  const rows = await acrossTenants('the test looks', () => app.get(Tickets).find())
  return rows.map(({ title, tenantId }) => ({ place: tenantId, title, tenantId }))
}

/** All that is in each database, whoever it says it belongs to. */
async function rowsApart(app: TestApp, { Ticket }: Sea): Promise<readonly Kept[]> {
  const kept: Kept[] = []
  const database = app.get(Database)
  for (const place of TENANTS) {
    const source = await runAsTenant(place, () => database.current)
    const giveBack = await database.take(place)
    const rows = await acrossTenants('the test looks', () => source.getRepository(Ticket).find())
    giveBack()
    kept.push(...rows.map(({ title, tenantId }) => ({ place, title, tenantId })))
  }
  return kept
}
