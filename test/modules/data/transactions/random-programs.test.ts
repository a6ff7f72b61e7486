import fc from 'fast-check'
import type { Propagation } from 'tenon/data'

import { onEveryDatabase } from '../on-every-database.ts'
import { openData } from '../open-data.ts'
import { Numbering, ReferenceModel, type Block, type Step } from './reference-model.ts'
import { Entries, Entry, ProgramRun, TAKEN_ROW } from './run-program.ts'

/** `FULL=1` runs ten thousand programs on each database; without it, enough to notice. */
const RUNS = process.env['FULL'] === '1' ? 10_000 : 200
const PER_ROUND = 50
const DEEPEST = 3

const ending = fc.oneof(
  { weight: 5, arbitrary: fc.constant('returns' as const) },
  { weight: 2, arbitrary: fc.constantFrom('throws', 'throws harmlessly', 'asks for rollback') },
)
const write = fc.constantFrom<Step>({ kind: 'insert' }, { kind: 'insert' }, { kind: 'update' }, { kind: 'delete' })

function block(depth: number, propagation: fc.Arbitrary<Propagation>, mayBreak: boolean): fc.Arbitrary<Block> {
  return fc.record({ propagation, ending, steps: fc.array(step(depth, mayBreak), { maxLength: 4 }) })
}

function step(depth: number, mayBreak: boolean): fc.Arbitrary<Step> {
  const duplicate = fc.record({ kind: fc.constant('duplicate' as const), isCaught: fc.boolean() })
  const flat = mayBreak ? fc.oneof({ weight: 5, arbitrary: write }, { weight: 1, arbitrary: duplicate }) : write
  if (depth === 0) return flat
  const inner = fc.record({
    kind: fc.constant('block' as const),
    block: fc.oneof(
      block(depth - 1, fc.constantFrom<Propagation>('required', 'supports', 'mandatory', 'never'), mayBreak),
      block(depth - 1, fc.constantFrom<Propagation>('nested', 'requires-new'), true),
    ),
    isCaught: fc.boolean(),
  })
  // Whether a statement beside one that breaks the transaction comes before or after it is chance: among parallel
  // blocks only those break that are undone by themselves.
  const parallel = fc.record({
    kind: fc.constant('parallel' as const),
    blocks: fc.array(
      fc.oneof(
        block(depth - 1, fc.constantFrom<Propagation>('required', 'supports'), false),
        block(depth - 1, fc.constantFrom<Propagation>('nested', 'requires-new'), true),
      ),
      { minLength: 2, maxLength: 3 },
    ),
    passesFailure: fc.boolean(),
  })
  return fc.oneof({ weight: 4, arbitrary: flat }, { weight: 2, arbitrary: inner }, { weight: 1, arbitrary: parallel })
}

const callers = fc.array(
  block(
    DEEPEST,
    fc.constantFrom<Propagation>('required', 'required', 'requires-new', 'nested', 'supports', 'never'),
    true,
  ),
  { minLength: 1, maxLength: 3 },
)

onEveryDatabase('Random programs of transactions', ({ kind, create }) => {
  it(`leave committed what a simple model says, ${RUNS} times`, async () => {
    await using database = await create()
    await using data = await openData({ url: database.url, entities: [Entry], poolSize: 30 })
    const entries = new Entries(data.unitOfWork)
    await entries.insert({ id: TAKEN_ROW, value: 0 })

    for (let left = RUNS; left > 0; left -= PER_ROUND) {
      await fc.assert(
        fc.asyncProperty(callers, async (programs) => {
          const numbering = new Numbering(programs)
          const model = new ReferenceModel(numbering, kind === 'sqlite')
          const expected = programs.map((program) => model.run(program) !== undefined)
          await entries.queryBuilder().delete().where('id > :taken', { taken: TAKEN_ROW }).execute()

          const run = new ProgramRun(data.unitOfWork, entries, numbering)
          const outcomes = await Promise.allSettled(programs.map((program) => run.run(program)))

          const rows = await entries.queryBuilder('e').where('e.id > :taken', { taken: TAKEN_ROW }).getMany()
          expect(new Map(rows.map(({ id, value }) => [id, value]))).toEqual(model.committed)
          expect(outcomes.map(({ status }) => status === 'rejected')).toEqual(expected)
        }),
        { numRuns: Math.min(left, PER_ROUND), includeErrorInReport: true },
      )
    }
  })
})
