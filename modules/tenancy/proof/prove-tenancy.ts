/**
 * Proves that tenants are kept apart: makes two of them with marked rows, out of the application's own entities, and
 * attacks every endpoint, entity, relation and key. Each attack has a control, so that a request that is broken for
 * everybody does not count as kept apart.
 */
import { ModuleGraph, type ModuleImport, type Principal } from 'tenon'
import { Database, DatabaseConfig } from 'tenon/data'
import { testApp } from 'tenon/testing'

import { Tenants } from '../lifecycle/tenants.ts'
import { TenancyConfig } from '../tenancy-config.ts'
import { tenantDecision } from '../tenant-decision.ts'
import { useTogether } from './attack-connections.ts'
import { EndpointAttacks } from './attack-endpoints.ts'
import { readEverywhere } from './attack-reads.ts'
import { writeEverywhere } from './attack-writes.ts'
import { ProofEnded, ProofReport, type TenancyProof } from './proof-report.ts'
import type { RowMaker } from './tenant-world.ts'
import { ATTACKER, TwoWorlds, VICTIM } from './two-worlds.ts'

export interface ProofOptions {
  /** Who calls for a tenant: give it what the endpoints require. Default: somebody without roles. */
  readonly principal?: (tenant: string) => Principal
  /** Values of rows that the columns do not tell, by the name of the entity. */
  readonly rows?: Readonly<Record<string, RowMaker>>
  /** Bodies that the DTO does not tell, by `POST /tickets`; `key('Customer')` is a customer's key. */
  readonly bodies?: Readonly<Record<string, (key: (entity: string) => string | number | undefined) => unknown>>
  /** Environment variables of the application. Default: an SQLite database in memory. */
  readonly env?: Readonly<Record<string, string>>
  /** Takes the place of the application's settings of the database. */
  readonly database?: DatabaseConfig
  /** Takes the place of the application's settings of tenants. */
  readonly tenancy?: TenancyConfig
  /** Ends with the first finding. Default: `false`. */
  readonly untilFound?: boolean
}

/**
 * @param modules - The application, with the settings of its test.
 * @example `expect((await proveTenancy([AppModule])).findings).toEqual([])`
 */
export async function proveTenancy(
  modules: readonly [ModuleImport, ...ModuleImport[]],
  { principal = somebody, rows = {}, bodies = {}, env = {}, database, tenancy, untilFound = false }: ProofOptions = {},
): Promise<TenancyProof> {
  const builder = testApp(...modules).env(env)
  if (database) builder.override(DatabaseConfig).with(database)
  if (tenancy) builder.override(TenancyConfig).with(tenancy)
  await using app = await builder.boot()
  const report = new ProofReport(untilFound)
  const tenants = app.get(Tenants)
  for (const { tenant } of [ATTACKER, VICTIM]) await tenants.create({ id: tenant })
  const worlds = new TwoWorlds(app.get(Database), rows, app.get(TenancyConfig))
  const endpoints = app
    .get(ModuleGraph)
    .endpoints.filter((endpoint) => endpoint.route && !endpoint.route.sse && tenantDecision(endpoint) === 'tenant')
  const attacks = new EndpointAttacks({
    worlds,
    report,
    principal,
    endpoints,
    bodies,
    send: (caller, path, init) => (caller ? app.as(caller) : app).request(path, init),
  })

  try {
    await worlds.begin()
    await worlds.fillAttacker()
    await attacks.rememberAlone()
    await worlds.fillVictim()
    await attacks.attackReads()
    await readEverywhere(worlds, report)
    await worlds.comparePlaces(report)
    await useTogether(worlds, report, app)
    await attacks.attackWrites()
    await writeEverywhere(worlds, report)
    await worlds.comparePlaces(report)
  } catch (error) {
    if (!(error instanceof ProofEnded)) throw error
  }
  return report.result()
}

function somebody(tenant: string): Principal {
  return { id: `somebody of ${tenant}`, tenant, authentication: { scheme: 'proof', factors: [] } }
}
