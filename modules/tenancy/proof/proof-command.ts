/** `tenon test tenancy`: the proof from the shell, on a database that is made for it. */
import { CommandResult, ModuleGraph } from 'tenon'
import { DatabaseConfig } from 'tenon/data'
import { Command, Injectable, Query, type Class } from 'tenon/decorators'

import { TenancyConfig } from '../tenancy-config.ts'
import type { TenancyProof } from './proof-report.ts'

@Injectable()
export class ProofCommand {
  readonly #graph: ModuleGraph
  readonly #config: DatabaseConfig
  readonly #tenancy: TenancyConfig

  constructor(graph: ModuleGraph, config: DatabaseConfig, tenancy: TenancyConfig) {
    this.#graph = graph
    this.#config = config
    this.#tenancy = tenancy
  }

  @Command('test:tenancy', {
    description: 'Attacks every endpoint and entity with two tenants made for it',
    starts: false,
    options: {
      database: 'An empty database, sqlite: or postgres:// or mariadb://. Default: SQLite in memory',
      roles: 'Roles of the callers, with commas between them',
    },
    examples: ['tenon test tenancy --roles owner,agent'],
  })
  async prove(@Query('database') url = 'sqlite::memory:', @Query('roles') roles = ''): Promise<CommandResult> {
    // Loaded with what applications under test need; nothing else of the module needs it.
    const { proveTenancy } = await import('./prove-tenancy.ts')
    const database = Object.assign(Object.create(DatabaseConfig.prototype) as DatabaseConfig, this.#config, { url })
    const principal = (tenant: string) => ({
      id: `prover of ${tenant}`,
      tenant,
      roles: roles.split(',').filter(Boolean),
    })
    const [first, ...others] = this.#roots
    const proof = await proveTenancy([first as Class, ...others], { database, tenancy: this.#tenancy, principal })
    const isProved = proof.findings.length === 0 && proof.unproved.length === 0
    return new CommandResult({ data: proof, text: print(proof), exitCode: isProved ? 0 : 1 })
  }

  /** What no other module imports: the application, and what was put beside it. */
  get #roots(): readonly Class[] {
    const imported = new Set(this.#graph.modules.flatMap(({ imports }) => imports))
    return this.#graph.modules.map(({ type }) => type).filter((type) => !imported.has(type))
  }
}

function print({ findings, unproved, attacks, controls }: TenancyProof): string {
  const found = findings.map(({ where, attack, leak }) => `LEAK ${where} (${attack}): ${leak}`)
  const open = unproved.map(({ where, why }) => `NOT PROVED ${where}: ${why}`)
  const sum = `${attacks} attacks, ${controls} controls: ${findings.length} leaks, ${unproved.length} not proved.`
  return [...found, ...open, sum].join('\n')
}
