import { fileURLToPath } from 'node:url'

import { missedMutations } from '../../modules/tenancy/run-mutations.ts'
import { SCOPING_MUTATIONS } from './scoping-mutations.ts'

const program = fileURLToPath(new URL('programs/attack-mutated.js', import.meta.url))

const isFull = Boolean(process.env['FULL'])
/** In a quick run two that the proof notices, and one that only the attacks on one route do. */
const mutations = isFull ? SCOPING_MUTATIONS : [0, 4, 7].map((index) => SCOPING_MUTATIONS[index]!)
const args = isFull ? [] : ['GET /api/users']
const prepare = () => Promise.resolve({ args, [Symbol.asyncDispose]: () => Promise.resolve() })

describe('The proofs of the starter kit', () => {
  it(`notice each of ${mutations.length} places where it keeps people apart no longer, and nothing else`, async () => {
    expect(await missedMutations({ program, mutations, prepare })).toEqual([])
  })
})
