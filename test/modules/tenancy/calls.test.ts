import { Controller, Get, Module, securityEvents, Service, tenantKey, type SecurityEvent } from 'tenon'
import {
  BaseRepository,
  Column,
  Database,
  DataModule,
  Entity,
  ManyToOne,
  PrimaryGeneratedColumn,
  Repository,
  type Relation,
} from 'tenon/data'
import {
  acrossTenants,
  NoTenant,
  runAsTenant,
  TenancyModule,
  TenantDirectory,
  TenantScoped,
  type TenantRecord,
} from 'tenon/tenancy'
import { testApp, type TestApp } from 'tenon/testing'

import { Customer, Customers, DeskModule, Labels, Plans, Ticket, Tickets } from './desk.ts'

class AnyTenant extends TenantDirectory {
  async find(id: string): Promise<TenantRecord> {
    return { id, name: id, state: 'active', settings: {}, limits: {} }
  }
}

function boot(settings: object = {}): Promise<TestApp> {
  return testApp(
    DeskModule,
    DataModule.with({ url: 'sqlite::memory:', synchronize: true }),
    TenancyModule.with(settings),
  )
    .override(TenantDirectory)
    .withClass(AnyTenant)
    .boot()
}

const caller = (tenant: string, ...roles: string[]) => ({ id: `caller of ${tenant}`, tenant, roles })

async function codesOf(...modules: [new () => object]): Promise<readonly string[]> {
  try {
    await using _ = await testApp(...modules).boot()
    return []
  } catch (error) {
    const { diagnostics, code } = error as { diagnostics?: readonly { code: string }[]; code: string }
    return diagnostics?.map((each) => each.code) ?? [code]
  }
}

describe('Calls of tenants', () => {
  it('see and change the rows of their own', async () => {
    await using app = await boot()
    const [acme, globex] = [app.as(caller('acme')), app.as(caller('globex'))]

    const { id } = (await (await globex.request('/tickets', { json: { title: 'theirs' } })).json()) as Ticket
    await acme.request('/tickets', { json: { title: 'ours' } })
    const list = (await (await acme.request('/tickets')).json()) as Ticket[]
    const read = await acme.request(`/tickets/${id}`)
    const renamed = await acme.request(`/tickets/${id}`, { method: 'PATCH', json: { title: 'x' } })
    const removed = await acme.request(`/tickets/${id}`, { method: 'DELETE' })
    const theirs = (await (await globex.request(`/tickets/${id}`)).json()) as Ticket

    expect(list.map(({ title }) => title)).toEqual(['ours'])
    expect(read.status).toBe(404)
    expect([await renamed.json(), await removed.json()]).toEqual([{ changed: 0 }, { removed: 0 }])
    expect(theirs).toMatchObject({ title: 'theirs', tenantId: 'globex' })
  })

  it('cross to other tenants only for callers who may, and are told of it', async () => {
    const events: SecurityEvent[] = []
    const stop = securityEvents.subscribe((event) => events.push(event))
    await using app = await boot({ crossingRoles: ['auditor'] })
    for (const tenant of ['acme', 'globex'])
      await app.as(caller(tenant)).request('/tickets', { json: { title: tenant } })

    const refused = await app.as(caller('acme', 'agent')).request('/tickets/sums/all')
    const allowed = await app.as(caller('acme', 'auditor')).request('/tickets/sums/all')
    stop()

    expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'TENANCY_CROSSING_REFUSED' }])
    expect(await allowed.json()).toEqual({ own: 1, all: 2, tenant: 'acme' })
    expect(events.filter(({ type }) => type === 'tenancy.crossed')).toMatchObject([
      { outcome: 'refused', reason: 'the sum over all', principalId: 'caller of acme', tenant: 'acme' },
      { outcome: 'allowed', reason: 'the sum over all' },
    ])
  })

  it('without a tenant reach no rows of tenants, unless they say why', async () => {
    await using app = await boot()
    await app.as(caller('acme')).request('/tickets', { json: { title: 'ours' } })

    const lobby = await app.request('/lobby', { headers: { 'x-tenant-id': 'acme' } })
    const leak = await app.as(caller('acme')).request('/lobby/leak')
    const sum = await app.request('/lobby/sum')
    const health = await app.request('/health/ready')

    expect(await lobby.json()).toEqual({ tenant: null, plans: 0 })
    expect([leak.status, await leak.json()]).toMatchObject([500, { code: 'TENANCY_TENANT_REQUIRED' }])
    expect(await sum.json()).toEqual({ all: 1 })
    expect(health.status).toBe(200)
  })
})

describe('Code that acts for a tenant', () => {
  it('has its keys, and gives them back', async () => {
    await using app = await boot()

    const inside = await runAsTenant('acme', async () => [
      tenantKey(['a']),
      await runAsTenant('globex', () => tenantKey(['a'])),
      await acrossTenants('a reason', () => tenantKey(['a'])),
      tenantKey(['a']),
    ])

    expect(inside).toEqual(['t=acme:a', 't=globex:a', 't:a', 't=acme:a'])
    expect(tenantKey(['a'])).toBe('t:a')
    await expect(runAsTenant('../etc', () => 1)).rejects.toMatchObject({ code: 'TENANCY_NAME_INVALID' })
    await expect(acrossTenants(' ', () => 1)).rejects.toMatchObject({ code: 'TENANCY_CROSSING_UNEXPLAINED' })
    expect(await runAsTenant('acme', () => app.get(Tickets).count())).toBe(0)
  })
})

@Entity()
class Comment {
  @PrimaryGeneratedColumn() id!: number
  @Column() text!: string
  @ManyToOne(() => Customer) customer!: Relation<Customer>
}

@Repository(Comment)
class Comments extends BaseRepository<Comment> {}

@Repository(Ticket)
class Reports extends BaseRepository<Ticket> {
  titles(): Promise<unknown[]> {
    return this.sql`SELECT title FROM ticket WHERE rank > ${1}`
  }
}

@Service()
class Statistics {
  constructor(private readonly database: Database) {}

  forgotten(): Promise<unknown> {
    return this.database.source.query('DELETE FROM label')
  }

  async meant(): Promise<unknown> {
    const tenant = 'acme'
    await acrossTenants('a sum', async () => this.database.source.query(`SELECT SUM(rank) FROM ticket`))
    return this.database.source.query('SELECT 1 FROM customer WHERE "tenantId" = ?', [tenant])
  }
}

@Controller('/undecided')
class UndecidedController {
  @Get() undecided(): string {
    return ''
  }

  @NoTenant('a test')
  @Get('/decided')
  decided(): string {
    return ''
  }
}

@Module({ imports: [DataModule, TenancyModule], controllers: [UndecidedController] })
class UndecidedModule {}

@TenantScoped()
@Module({ imports: [DataModule, TenancyModule], controllers: [UndecidedController] })
class DecidedModule {}

@Module({ imports: [DataModule, TenancyModule], providers: [Comments] })
class UnscopedModule {}

@Module({ imports: [DataModule, TenancyModule], providers: [Reports, Customers, Labels, Plans, Statistics] })
class ReportsModule {}

@Module({ imports: [DataModule], providers: [Reports] })
class UnguardedModule {}

describe('The check', () => {
  it('finds endpoints that say nothing of tenants', async () => {
    expect(await codesOf(UndecidedModule)).toEqual(['TENANCY_ENDPOINT_UNDECIDED'])
    expect(await codesOf(DecidedModule)).toEqual([])
  })

  it('finds shared entities that point at rows of tenants', async () => {
    expect(await codesOf(UnscopedModule)).toEqual(['TENANCY_ENTITY_UNSCOPED'])
  })

  it('finds SQL that forgets the tenant', async () => {
    await using app = await testApp(ReportsModule).boot()

    const warnings = app.logs.lines.flatMap(({ message }) => /SQL of (\w+ is on \w+)/.exec(message)?.[1] ?? [])
    expect(warnings.toSorted()).toEqual(['Reports is on Ticket', 'Statistics is on Label'])
  })

  it('is not needed to refuse scoped entities that nobody guards', async () => {
    expect(await codesOf(UnguardedModule)).toEqual(['DATA_ROWS_UNGUARDED'])
  })
})
