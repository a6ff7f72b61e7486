/**
 * Proves and attacks the starter kit with one of its own scopes taken away: `node attack-mutated.js '{"file": …}' [routes]`
 * prints what is noticed. Without routes all are attacked.
 */
import { registerHooks } from 'node:module'

import type { Mutation } from '../../../modules/tenancy/mutations.ts'

const [, , given = '{}', ...routes] = process.argv
const { file, find, replace } = JSON.parse(given) as Mutation
let isThere = false

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!url.endsWith(`/dist/${file}`)) return loaded
    const source = Buffer.from(loaded.source as Uint8Array).toString()
    isThere = source.includes(find)
    return { ...loaded, source: source.replace(find, () => replace) }
  },
})

const { EXPLAINED, proveKit } = await import('../tenancy-proof.js')
const { assault, ASSAULTS } = await import('../attacks/assault.js')
const { Siege } = await import('../attacks/siege.js')

async function prove(): Promise<readonly string[]> {
  const { findings, unproved } = await proveKit({ untilFound: true })
  return [
    ...findings.map(({ where, attack }) => `finding ${where}: ${attack}`),
    ...(findings.length > 0 ? [] : unproved)
      .filter(({ where }) => !Object.hasOwn(EXPLAINED, where))
      .map(({ where }) => `unproved ${where}`),
  ]
}

/** By people alone, for the credentials are what they were; until one of them gets through. */
async function attack(): Promise<readonly string[]> {
  await using siege = await Siege.begin()
  const victims = await siege.team('kestrel-works')
  const attackers = await siege.team('magpie-works')
  for (const each of ASSAULTS.filter(
    ({ strike, route }) => strike.name.startsWith('as ') && (routes.length === 0 || routes.includes(route)),
  )) {
    const [fault] = await assault(each, { siege, victims, attackers })
    if (fault !== undefined) return [`attack ${each.route} ${each.strike.name}: ${fault}`]
  }
  return []
}

async function outcomeOf(work: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await work()
  } catch (error) {
    return [`refused ${String(error).split('\n')[0]}`]
  }
}

const proved = await outcomeOf(prove)
const noticed = proved.length > 0 ? proved : await outcomeOf(attack)
console.log(JSON.stringify({ isThere, noticed: noticed.slice(0, 3), count: noticed.length }))
