import { Database } from 'tenon/data'
import { TenancyModule, Tenants } from 'tenon/tenancy'
import type { TestApp } from 'tenon/testing'

import { onEveryDatabase } from '../data/on-every-database.ts'
import * as apart from './apart-desk.ts'
import { CreateDesk1751328000001, CreatePlans1751328000000 } from './desk-migrations.ts'
import { Customers, DeskModule, Ticket, Tickets } from './desk.ts'
import { createOrdinaryDatabase, onPostgres } from './ordinary-user.ts'
import { CALM, storm, TENANTS, type Sea } from './storm.ts'

const isFull = Boolean(process.env['FULL'])
const CALLS = isFull ? 100_000 : 400
/** Each opens and closes databases besides. */
const APART_CALLS = isFull ? 100_000 : 160
const TOGETHER: Sea = {
  Customers,
  Ticket,
  Tickets,
  module: DeskModule,
  tenancy: TenancyModule.with({ crossingRoles: ['auditor'] }),
}

async function createTenants(app: TestApp): Promise<void> {
  for (const id of TENANTS) await app.get(Tenants).create({ id })
}

onEveryDatabase(`${CALLS} calls of 64 callers of ${TENANTS.length} tenants on 4 connections`, (database) => {
  // Behind policies it is stormed below.
  if (isFull || database.kind !== 'postgres') {
    it('see and write no row of another tenant', async () => {
      await using created = await database.create()

      expect(await storm(created.url, CALLS, TOGETHER)).toEqual(CALM)
    })
  }

  if (database.name === 'SQLite in memory' || (!isFull && database.name !== 'SQLite in a file')) return

  it('see and write no row of another one’s database, of which twelve may be open', async () => {
    await using created = await database.create()
    const sea = {
      ...apart,
      module: apart.ApartDeskModule,
      tenancy: TenancyModule.with({ strategy: 'database', openDatabases: 12, databasePoolSize: 2 }),
      apart: 'databases',
      prepare: createTenants,
      finish: async (app: TestApp) => {
        for (const id of TENANTS) await app.get(Database).dropOf(id)
      },
    }

    // Its customers have no plan; all that the storm does is the same.
    expect(await storm(created.url, APART_CALLS, sea as unknown as Sea)).toEqual(CALM)
  })
})

/** Each of them outlasts the statement, and what is sent with it. */
const hijacks = (other: string): readonly string[] => [
  `SET search_path = "tenant_${other}", public`,
  `SELECT set_config('tenon.owner', '${other}', false), set_config('search_path', 'tenant_${other}', false)`,
  'CREATE TEMP TABLE IF NOT EXISTS ticket (id serial, "tenantId" varchar, title varchar, rank integer, "customerId" integer, "deletedAt" timestamp)',
  `SET SESSION "tenon.owner" = '*'`,
  'RESET ALL',
]

const suite = await onPostgres(`${CALLS} calls on PostgreSQL`)

suite(() => {
  it('behind policies see and write no row of another tenant', async () => {
    await using created = await createOrdinaryDatabase()

    expect(await storm(created.url, CALLS, { ...TOGETHER, hijacks: (other) => hijacks(other).slice(-2) })).toEqual(CALM)
  })

  it('see and write no row of another one’s schema, whatever connections were told by those who had them', async () => {
    await using created = await createOrdinaryDatabase()
    const sea: Sea = {
      ...TOGETHER,
      tenancy: TenancyModule.with({ strategy: 'schema' }),
      data: { synchronize: false, migrations: [CreatePlans1751328000000, CreateDesk1751328000001] },
      apart: 'schemas',
      hijacks,
      prepare: createTenants,
    }

    expect(await storm(created.url, CALLS, sea)).toEqual(CALM)
  })
})
