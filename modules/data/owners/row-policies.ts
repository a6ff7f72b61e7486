/** PostgreSQL's own wall: a policy on each owned table that compares its rows with what the connection was told. */
import type { DataSource, EntityMetadata, QueryRunner } from 'typeorm'

import { ALL_OWNERS, OWNER_SETTING } from './connection-settings.ts'
import { OwnedRows } from './owned-rows.ts'

export interface PolicyStep {
  readonly up: string
  readonly down: string
}

const POLICY = 'tenon_owner'

interface TableState {
  readonly name: string
  readonly isForced: boolean
  readonly hasPolicy: boolean
}

/** What the tables of owned entities lack; nothing for other databases, and where policies are not wanted. */
export async function missingPolicies(source: DataSource, runner: QueryRunner): Promise<readonly PolicyStep[]> {
  const rows = OwnedRows.of(source)
  if (!rows?.owners.hasPolicies || source.options.type !== 'postgres') return []
  const states = (await runner.query(
    `SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS "isForced",
      EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = '${POLICY}') AS "hasPolicy"
      FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')`,
  )) as readonly TableState[]
  const known = new Map(states.map((state) => [state.name, state]))
  return source.entityMetadatas.flatMap((metadata) =>
    rows.columnOf(metadata) && metadata.tableType === 'regular' && metadata.synchronize
      ? stepsFor(source, rows, metadata, known.get(metadata.tableName))
      : [],
  )
}

/** Whether the application's user in the database is one for whom policies do not hold. */
export async function passesPolicies(source: DataSource): Promise<boolean> {
  const [user] = (await source.query(
    'SELECT rolsuper OR rolbypassrls AS passes FROM pg_roles WHERE rolname = current_user',
  )) as readonly { readonly passes: boolean }[]
  return user?.passes ?? false
}

function stepsFor(
  source: DataSource,
  rows: OwnedRows,
  metadata: EntityMetadata,
  state: TableState | undefined,
): readonly PolicyStep[] {
  const { driver } = source
  const column = rows.columnOf(metadata)!
  const isText = ['varchar', 'character varying', 'text', String].includes(column.type as string)
  const { policy, force } = policySteps(
    driver.escape(metadata.tableName),
    `${driver.escape(column.databaseName)}${isText ? '' : '::text'}`,
  )
  return [...(state?.hasPolicy ? [] : [policy]), ...(state?.isForced ? [] : [force])]
}

/** @param table - Both as SQL writes them; the column as text. */
function policySteps(table: string, column: string): { readonly policy: PolicyStep; readonly force: PolicyStep } {
  const told = `current_setting('${OWNER_SETTING}', true)`
  const fits = `${column} = ${told} OR ${told} = '${ALL_OWNERS}'`
  return {
    policy: {
      up: `CREATE POLICY ${POLICY} ON ${table} USING (${fits}) WITH CHECK (${fits})`,
      down: `DROP POLICY ${POLICY} ON ${table}`,
    },
    force: {
      // The owner of a table passes its policies unless they are forced.
      up: `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
      down: `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY`,
    },
  }
}

/**
 * For migrations written by hand: PostgreSQL's policy on a table whose rows have owners, as generated migrations make it.
 * Other databases have none, and nothing happens.
 * @param column - Of text, with the owner.
 * @example `await protectRows(runner, 'tickets', 'organisationId')`
 */
export async function protectRows(runner: QueryRunner, table: string, column: string): Promise<void> {
  const { driver, options } = runner.dataSource
  if (options.type !== 'postgres') return
  const { policy, force } = policySteps(driver.escape(table), driver.escape(column))
  await runner.query(policy.up)
  await runner.query(force.up)
}
