/** Runs a program once for each mutation, as many at once as there are processors, and tells which are not noticed. */
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'

import type { Mutation } from './mutations.ts'

const run = promisify(execFile)

/** What the program is given besides the mutation; disposed of after it. */
type Arguments = { readonly args: readonly string[] } & AsyncDisposable

export interface MutationRun {
  readonly program: string
  readonly mutations: readonly Mutation[]
  readonly prepare?: () => Promise<Arguments>
}

interface Outcome {
  readonly isThere: boolean
  readonly noticed: readonly string[]
}

/** Nothing is taken away. */
const UNCHANGED: Mutation = { file: 'none', find: '', replace: '' }

/** Empty when each mutation is noticed, and an application without any is not. */
export async function missedMutations({ program, mutations, prepare }: MutationRun): Promise<readonly string[]> {
  const waiting = [UNCHANGED, ...mutations]
  const missed: string[] = []
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await using given = await prepare?.()
      const { isThere, noticed } = await outcomeOf(program, next, given?.args ?? [])
      if (next === UNCHANGED) missed.push(...noticed.map((each) => `noticed without any: ${each}`))
      else if (!isThere) missed.push(`not there: ${next.file}: ${next.find}`)
      else if (noticed.length === 0) missed.push(`not noticed: ${next.file}: ${next.replace}`)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return missed
}

async function outcomeOf(program: string, mutation: Mutation, args: readonly string[]): Promise<Outcome> {
  const { stdout } = await run(process.execPath, [program, JSON.stringify(mutation), ...args])
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1)) as Outcome
}
