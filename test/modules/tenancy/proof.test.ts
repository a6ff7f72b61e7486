import { Controller, Get, Module, Param } from 'tenon'
import {
  BaseRepository,
  Column,
  Database,
  DatabaseConfig,
  DataModule,
  Entity,
  PrimaryGeneratedColumn,
  Repository,
} from 'tenon/data'
import { acrossTenants, proveTenancy, TenancyModule, TenantScoped } from 'tenon/tenancy'
import { testApp } from 'tenon/testing'

import { onEveryDatabase } from '../data/on-every-database.ts'
import { DeskModule } from './desk.ts'

onEveryDatabase('The proof', (database) => {
  if (!process.env['FULL'] && database.name === 'SQLite in a file') return

  it('finds nothing in an application that keeps its tenants apart, and has tried everything', async () => {
    await using created = await database.create()

    const proof = await proveTenancy([DeskModule, DataModule.with({ url: created.url, synchronize: true })])

    expect(proof.findings).toEqual([])
    // Only auditors may: for callers without roles it is refused, which proves nothing.
    expect(proof.unproved.map(({ where }) => where)).toEqual(['GET /tickets/sums/all'])
    expect(proof.proved).toEqual(
      expect.arrayContaining(
        ['GET /tickets', 'PATCH /tickets/:id', 'Ticket.upsert', 'Customer.find with plan'].filter(
          (each) => each !== 'Ticket.upsert' || database.kind !== 'postgres',
        ),
      ),
    )
    expect(proof.attacks).toBeGreaterThan(200)
  })
})

@TenantScoped()
@Entity()
class Invoice {
  @PrimaryGeneratedColumn() id!: number
  @Column() note!: string
}

@Repository(Invoice)
class Invoices extends BaseRepository<Invoice> {}

/** Forgets the tenant wherever it can. */
@TenantScoped()
@Controller('/invoices')
class LeakyController {
  readonly #seen = new Map<number, Invoice>()

  constructor(
    private readonly invoices: Invoices,
    private readonly database: Database,
  ) {}

  @Get() list(): Promise<Invoice[]> {
    return acrossTenants('it was easier', () => this.invoices.find())
  }

  @Get('/count') async count(): Promise<{ n: number }> {
    return { n: await acrossTenants('it was easier', () => this.invoices.count()) }
  }

  @Get('/cached/:id') async cached(@Param('id') id: number): Promise<Invoice> {
    const known = this.#seen.get(id) ?? (await this.invoices.findOrFail(id))
    this.#seen.set(id, known)
    return known
  }

  @Get('/exists/:id') async exists(@Param('id') id: number): Promise<object> {
    await this.invoices.findOrFail(id).catch(async (error: unknown) => {
      if (await acrossTenants('a better message', () => this.invoices.existsBy({ id }))) throw new Error('not yours')
      throw error
    })
    return { id }
  }

  @Get('/broken') broken(): Promise<unknown> {
    return this.database.source.query('SELECT * FROM invoice')
  }

  @Get('/fine') fine(): Promise<Invoice[]> {
    return this.invoices.find({ order: { id: 'ASC' } })
  }
}

@Module({ imports: [DataModule, TenancyModule], controllers: [LeakyController], providers: [Invoices] })
class LeakyModule {}

describe('The proof', () => {
  it('finds what the application itself gives away, and tells what it could not try', async () => {
    const memory = DataModule.with({ url: 'sqlite::memory:', synchronize: true })
    const principal = (tenant: string) => ({ id: tenant, tenant, roles: ['auditor'] })

    const proof = await proveTenancy([LeakyModule, memory, TenancyModule.with({ crossingRoles: ['auditor'] })], {
      principal,
    })

    const places = new Set(proof.findings.map(({ where }) => where))
    expect([...places].toSorted()).toEqual([
      'GET /invoices',
      'GET /invoices/cached/:id',
      'GET /invoices/count',
      'GET /invoices/exists/:id',
    ])
    expect(proof.unproved).toMatchObject([
      { where: 'GET /invoices/broken', why: 'its own tenant is answered 500 and 500' },
    ])
    expect(proof.proved).toContain('GET /invoices/fine')
  })

  it('is a command as well, on a database of its own', async () => {
    await using app = await testApp(DeskModule, DataModule.with({ url: 'sqlite::memory:', synchronize: true })).boot()

    const { text, exitCode } = await app.application.run('test:tenancy')

    expect(text).toMatch(
      /^NOT PROVED GET \/tickets\/sums\/all: .* 403 and 403\n\d+ attacks, \d+ controls: 0 leaks, 1 not proved\.$/,
    )
    expect(exitCode).toBe(1)
    expect(app.get(DatabaseConfig).url).toBe('sqlite::memory:')
  })
})
