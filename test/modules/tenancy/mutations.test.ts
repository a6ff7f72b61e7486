import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { MUTATIONS, type Mutation } from './mutations.ts'
import { createOrdinaryDatabase, onPostgres } from './ordinary-user.ts'
import { missedMutations } from './run-mutations.ts'
import { DATABASE_MUTATIONS, SCHEMA_MUTATIONS } from './strategy-mutations.ts'

const program = fileURLToPath(new URL('programs/prove-mutated.js', import.meta.url))

/** So many of them in a quick run, spread over the list. */
function chosen(all: readonly Mutation[], count: number): readonly Mutation[] {
  if (process.env['FULL']) return all
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)]!)
}

async function createFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-mutated-'))
  const args = ['database', `sqlite:${join(folder, 'desk.sqlite')}`]
  return { args, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

async function createSchemas() {
  const { url, [Symbol.asyncDispose]: drop } = await createOrdinaryDatabase()
  return { args: ['schema', url], [Symbol.asyncDispose]: drop }
}

describe('The proof', () => {
  const shared = chosen(MUTATIONS, 2)
  it(`notices each of ${shared.length} places where the enforcement is taken away`, async () => {
    expect(await missedMutations({ program, mutations: shared })).toEqual([])
  })

  const databases = chosen(DATABASE_MUTATIONS, 1)
  it(`notices each of ${databases.length} of them where each tenant has a database`, async () => {
    expect(await missedMutations({ program, mutations: databases, prepare: createFolder })).toEqual([])
  })
})

const suite = await onPostgres('The proof')

suite(() => {
  const schemas = chosen(SCHEMA_MUTATIONS, 1)
  it(`notices each of ${schemas.length} of them where each tenant has a schema`, async () => {
    expect(await missedMutations({ program, mutations: schemas, prepare: createSchemas })).toEqual([])
  })
})
