/** An application of many tenants whose tables are made and changed by migrations that fail, or never end, where it is said. */
import { DataModule, type Migration, type QueryRunner } from 'tenon/data'
import { TenancyModule, TenantScoped } from 'tenon/tenancy'
import { testApp, type TestApp } from 'tenon/testing'

import { ApartDeskModule } from './apart-desk.ts'

export interface Trouble {
  /** Whose second migration fails. */
  readonly failing: Set<string>
  /** In the middle of whose migrations it is waited for the end of the process. */
  stopsAt: string | undefined
}

export const trouble: Trouble = { failing: new Set(), stopsAt: undefined }

@TenantScoped()
export class CreateTickets1751328000000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    const number = runner.dataSource.options.type === 'postgres' ? 'serial' : 'integer'
    await runner.query(
      `CREATE TABLE ticket (id ${number} PRIMARY KEY, "tenantId" varchar(64) NOT NULL, title varchar(100),
        "customerId" integer, "deletedAt" timestamp)`,
    )
    await stop(runner)
  }

  async down(): Promise<void> {}
}

@TenantScoped()
export class AddRank1751328000001 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ticket ADD COLUMN rank integer')
    await stop(runner)
    const place = await placeOf(runner)
    if ([...trouble.failing].some((tenant) => place.endsWith(`tenant_${tenant}`)))
      await runner.query('SELECT * FROM nowhere')
  }

  async down(): Promise<void> {}
}

export type Migrations = readonly (typeof CreateTickets1751328000000)[]

export function boot(strategy: 'schema' | 'database', url: string, migrations: Migrations): Promise<TestApp> {
  return testApp(
    ApartDeskModule,
    DataModule.with({ url, migrations: [...migrations] }),
    TenancyModule.with({ strategy }),
  ).boot()
}

/** In the order in which they are listed. */
export function idsOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `t${String(index).padStart(4, '0')}`)
}

async function stop(runner: QueryRunner): Promise<void> {
  if (trouble.stopsAt === undefined || !(await placeOf(runner)).endsWith(`tenant_${trouble.stopsAt}`)) return
  process.stdout.write('in the middle\n')
  await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1))
}

async function placeOf(runner: QueryRunner): Promise<string> {
  const { type, database } = runner.dataSource.options
  if (type !== 'postgres') return String(database).replace('.sqlite', '')
  const [row] = (await runner.query('SELECT current_schema() AS name')) as [{ readonly name: string }]
  return row.name
}
