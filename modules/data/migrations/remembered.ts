/** Statements that a runner remembers in place of running them. */
import type { QueryRunner } from 'typeorm'
import { Query } from 'typeorm/driver/Query.js'

/** A statement and what is bound in it. */
export interface Step {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** @param down - What takes it back, if anything does. */
export function remember(runner: QueryRunner, up: string, down: string | undefined): void {
  const memory = runner.getMemorySql()
  memory.upQueries.push(new Query(up))
  if (down !== undefined) memory.downQueries.push(new Query(down))
}

/** Both in the order to run them. */
export function remembered(runner: QueryRunner): { readonly up: readonly Step[]; readonly down: readonly Step[] } {
  const { upQueries, downQueries } = runner.getMemorySql()
  return { up: upQueries.map(toStep), down: downQueries.map(toStep).toReversed() }
}

function toStep({ query, parameters }: Query): Step {
  return { sql: query.trim(), parameters: parameters ?? [] }
}
