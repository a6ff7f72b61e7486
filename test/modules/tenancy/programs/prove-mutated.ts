/**
 * Proves the desk with one place of the enforcement taken away: `node prove-mutated.js '{"file": …}' <strategy> <url>` prints
 * what is found.
 */
import { registerHooks } from 'node:module'

import type { Mutation } from '../mutations.ts'

const [, , given = '{}', strategy = 'shared', url = 'sqlite::memory:'] = process.argv
const { file, find, replace, and } = JSON.parse(given) as Mutation
let isThere = false

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!url.endsWith(`/dist/${file}`)) return loaded
    const source = Buffer.from(loaded.source as Uint8Array).toString()
    isThere = source.includes(find) && (!and || source.includes(and.find))
    const mutated = source.replace(find, () => replace)
    return { ...loaded, source: and ? mutated.replace(and.find, () => and.replace) : mutated }
  },
})

const { DataModule } = await import('tenon/data')
const { proveTenancy, TenancyModule } = await import('tenon/tenancy')
const { eachModuleOf } = await import('../each-module.js')

/** The application with this strategy; each has the database that it needs. */
async function modules(): Promise<Parameters<typeof proveTenancy>[0]> {
  const tenancy = TenancyModule.with({ strategy: strategy as 'shared' })
  if (strategy === 'database') {
    const { ApartDeskModule, Tickets } = await import('../apart-desk.js')
    return [ApartDeskModule, eachModuleOf(Tickets), DataModule.with({ url, synchronize: true }), tenancy]
  }
  const { DeskModule, Tickets } = await import('../desk.js')
  const each = eachModuleOf(Tickets)
  if (strategy === 'shared') return [DeskModule, each, DataModule.with({ url, synchronize: true }), tenancy]
  const { DESK_MIGRATIONS } = await import('../desk-migrations.js')
  return [DeskModule, each, DataModule.with({ url, migrations: [...DESK_MIGRATIONS] }), tenancy]
}

/** Who calls is no auditor, and one endpoint always fails. */
const EXPLAINED = ['GET /tickets/sums/all', 'GET /each', 'POST /tickets/fail']

async function prove(): Promise<readonly string[]> {
  try {
    const { findings, unproved } = await proveTenancy(await modules(), { untilFound: true })
    return [
      ...findings.map(({ where, attack }) => `finding ${where}: ${attack}`),
      // With the first finding it ends, and much is not tried.
      ...(findings.length > 0 ? [] : unproved)
        .filter(({ where }) => !EXPLAINED.includes(where))
        .map(({ where, why }) => `unproved ${where}: ${why}`),
    ]
  } catch (error) {
    return [`refused ${String(error).split('\n')[0]}`]
  }
}

const noticed = await prove()
console.log(JSON.stringify({ isThere, noticed: noticed.slice(0, 3), count: noticed.length }))
