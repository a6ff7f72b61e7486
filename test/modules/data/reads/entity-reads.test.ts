import { deepStrictEqual } from 'node:assert'

import { Random } from 'tenon/data'
import type { DataSource, EntityManager, EntityTarget, FindManyOptions, Repository } from 'typeorm'

import { createDataSource } from '../../../../modules/data/create-data-source.ts'
import { readDatabaseUrl } from '../../../../modules/data/database-url.ts'
import { EntityReads } from '../../../../modules/data/reads/entity-reads.ts'
import { createDatabase, SERVERS, whyNot } from '../servers.ts'
import { generateModel, type GeneratedModel, type Kind, type Row } from './generated-model.ts'

const MODELS = process.env['FULL'] === '1' ? 40 : 3
const QUERIES = 40

/** Values, prototypes, and the order of the properties at every depth. */
function expectSame(ours: unknown, theirs: unknown): void {
  deepStrictEqual(ours, theirs)
  deepStrictEqual(shapeOf(ours), shapeOf(theirs))
}

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null || value instanceof Date || Buffer.isBuffer(value))
    return typeof value
  return [Object.getPrototypeOf(value), ...Object.entries(value).map(([name, each]) => [name, shapeOf(each)])]
}

/** What the call answers, or why it fails. */
async function outcomeOf(call: () => unknown): Promise<unknown> {
  try {
    return await call()
  } catch (error) {
    return { error: (error as Error).message }
  }
}

async function compare(
  source: DataSource,
  model: GeneratedModel,
  reads: EntityReads<Row>,
  options: () => FindManyOptions<Row>,
  getRepository: (entity: EntityTarget<Row>) => Repository<Row>,
): Promise<void> {
  const repository = source.getRepository<Row>(model.root)
  const manager: EntityManager = Object.assign(Object.create(source.manager) as EntityManager, { getRepository })
  expectSame(await outcomeOf(() => reads.find(manager, options())), await outcomeOf(() => repository.find(options())))
  expectSame(
    await outcomeOf(() => reads.findAndCount(manager, options())),
    await outcomeOf(() => repository.findAndCount(options())),
  )
  const one = () => ({ where: { id: 1 }, ...options() })
  expectSame(await outcomeOf(() => reads.findOne(manager, one())), await outcomeOf(() => repository.findOne(one())))
}

async function withModel(
  url: string,
  kind: Kind,
  number: number,
  body: (source: DataSource, model: GeneratedModel) => Promise<void>,
  logQuery: (sql: string) => void = () => {},
) {
  const random = new Random(1000 + number)
  const model = generateModel(random, kind, number)
  const logger = { logQuery, logQueryError() {}, logQuerySlow() {}, logSchemaBuild() {}, logMigration() {}, log() {} }
  const source = await createDataSource(readDatabaseUrl(url), { entities: [...model.entities], logger })
  await source.initialize()
  try {
    await source.synchronize()
    await model.fill(source, random)
    await body(source, model)
  } finally {
    await source.destroy()
  }
}

const suites: readonly (readonly [string, Kind, string])[] = [
  ['SQLite', 'sqlite', 'sqlite::memory:'],
  ['PostgreSQL', 'postgres', SERVERS.PostgreSQL],
  ['MariaDB', 'mariadb', SERVERS.MariaDB],
]

for (const [name, kind, url] of suites) {
  const reason = kind === 'sqlite' ? undefined : await whyNot(url)
  const suite = reason === undefined || process.env['CI'] === 'true' ? describe : describe.skip

  suite(`EntityReads on ${name}${reason === undefined ? '' : ` (not there: ${reason})`}`, () => {
    it('answers what TypeORM answers, for made-up entities and queries, generated and with closures', async () => {
      await using database = kind === 'sqlite' ? undefined : await createDatabase(url)
      const left = { toTypeOrm: 0, reads: 0 }
      for (let number = 0; number < MODELS; number += 1) {
        await withModel(database?.url ?? url, kind, number, async (source, model) => {
          const { manager } = source
          const getRepository = manager.getRepository.bind(manager)
          const counting = (entity: EntityTarget<Row>) => {
            left.toTypeOrm += 1
            return getRepository(entity)
          }
          const generated = new EntityReads<Row>(model.root, 'generated')
          const closures = new EntityReads<Row>(model.root, 'closures')
          for (let seed = 0; seed < QUERIES; seed += 1) {
            // Operators are not used twice: TypeORM changes those of columns with transformers.
            const options = () => model.query(new Random(seed))
            left.reads += 3
            await compare(source, model, seed % 2 === 0 ? generated : closures, options, counting)
          }
        })
      }
      expect(left.toTypeOrm / left.reads).toBeLessThan(0.25)
    })

    // MariaDB reads by join alone.
    if (kind === 'mariadb') return

    it('answers the same when it reads in parts, each entity by itself', async () => {
      await using database = kind === 'sqlite' ? undefined : await createDatabase(url)
      const read = { inParts: 0, withRelations: 0 }
      const count = (sql: string) => {
        // The statement of PostgreSQL, and SQLite's for what belongs to the root.
        if (/^WITH tenon_0|^SELECT .* FROM "\w+_(child|parent|twin|tag)" "/.test(sql)) read.inParts += 1
      }
      const body = async (source: DataSource, model: GeneratedModel) => {
        const modes = ['generated', 'closures'] as const
        const readers = modes.map((mode) => new EntityReads<Row>(model.root, mode, 0))
        for (let seed = 0; seed < QUERIES; seed += 1) {
          const options = () => {
            const { select: _chosen, ...whole } = model.query(new Random(seed))
            return whole
          }
          if (Object.keys(options().relations ?? {}).length > 0) read.withRelations += 1
          const reads = readers[seed % 2]!
          // The first read of a shape is joined, and tells how large it is.
          await outcomeOf(() => reads.find(source.manager, options()))
          expectSame(
            await outcomeOf(() => reads.find(source.manager, options())),
            await outcomeOf(() => source.getRepository<Row>(model.root).find(options())),
          )
        }
      }
      for (let number = 0; number < MODELS; number += 1) {
        await withModel(database?.url ?? url, kind, number, body, count)
      }
      expect(read.inParts / read.withRelations).toBeGreaterThan(0.15)
    })
  })
}
