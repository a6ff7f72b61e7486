import fc from 'fast-check'
import { UNKNOWN_SITE } from 'tenon/decorators'

import type { Endpoint } from '../../../src/index.ts'
import { after } from '../../../src/pipeline/after.ts'
import { collectArounds } from '../../../src/pipeline/collect-arounds.ts'
import { composePipeline, type NamedStep } from '../../../src/pipeline/compose-pipeline.ts'
import { Endpoint as EndpointModel } from '../../../src/pipeline/endpoint.ts'
import { MethodContext } from '../../../src/pipeline/method-context.ts'
import { MemoryLogger } from '../../../src/testing/memory-logger.ts'

class Target {}

const endpoint: Endpoint = new EndpointModel({
  transport: 'http',
  type: Target,
  method: 'run',
  module: undefined,
  at: UNKNOWN_SITE,
  parameters: [],
  returns: undefined,
})

const context = (): MethodContext => new MethodContext(endpoint, new Target(), [], new MemoryLogger())

describe('composePipeline', () => {
  it('nests any number of interceptors, outermost first, and leaves in the opposite order', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 20 }), (names) => {
        const log: string[] = []
        const arounds = names.map<NamedStep>((name, index) => ({
          name,
          around: (_context, next) => {
            log.push(`in ${index}`)
            const result = next()
            log.push(`out ${index}`)
            return result
          },
        }))

        expect(composePipeline(arounds, () => 42)(context())).toBe(42)

        const indices = names.map((_, index) => index)
        expect(log).toEqual([
          ...indices.map((index) => `in ${index}`),
          ...indices.toReversed().map((index) => `out ${index}`),
        ])
      }),
    )
  })

  it('lets an interceptor that repeats call the inside again, those within it included', () => {
    const log: string[] = []
    const repeating: NamedStep = { name: 'Repeating', repeats: true, around: (_, next) => [next(), next()] }
    const within: NamedStep = {
      name: 'Within',
      around: (_, next) => {
        log.push('within')
        return next()
      },
    }

    expect(composePipeline([repeating, within], () => log.length)(context())).toEqual([1, 2])
  })

  it('is the handler itself when nobody is around it', () => {
    const handler = (): string => 'done'

    expect(composePipeline([], handler)).toBe(handler)
  })

  it('stays synchronous when everything in it is, guards that decide at once included', () => {
    const guard = { decide: () => true }
    const passing = { intercept: (_: unknown, next: () => unknown) => next() }
    const arounds = [guard, passing].flatMap((each) =>
      collectArounds(endpoint, { application: [], root: undefined, instanceOf: () => each, transport: [] }).concat(
        collectArounds(endpoint, {
          application: [class Used {}],
          root: undefined,
          instanceOf: () => each,
          transport: [],
        }),
      ),
    )

    expect(arounds).toHaveLength(2)
    expect(composePipeline(arounds, () => 'at once')(context())).toBe('at once')
  })

  it('counts calls of next for each call apart', () => {
    const run = composePipeline([{ name: 'One', around: (_context, next) => next() }], () => 'done')

    expect([run(context()), run(context())]).toEqual(['done', 'done'])
  })

  it('throws from next when it is called twice, naming the interceptor and the endpoint', () => {
    const run = composePipeline([{ name: 'Twice', around: (_context, next) => [next(), next()] }], () => 'done')

    expect(() => run(context())).toThrow('Twice called next() twice for Target.run.')
  })
})

describe('collectArounds', () => {
  it('refuses what is used as an interceptor and has none of its methods', () => {
    class Empty {}

    expect(() =>
      collectArounds(endpoint, {
        application: [Empty],
        root: undefined,
        instanceOf: () => new Empty(),
        transport: [],
      }),
    ).toThrow(
      expect.objectContaining({ code: 'PIPELINE_INTERCEPTOR_EMPTY', message: expect.stringMatching(/^Empty /) }),
    )
  })
})

describe('after', () => {
  it('goes on at once with a value and later with a promise or anything that can be awaited', async () => {
    const thenable: PromiseLike<number> = Object.create(Promise.prototype, {
      // oxlint-disable-next-line unicorn/no-thenable -- what it is about
      then: { value: (go: (value: number) => void) => go(3) },
    })

    expect(after(1, (value) => value + 1)).toBe(2)
    await expect(after(Promise.resolve(2), (value) => value + 1)).resolves.toBe(3)
    await expect(after(thenable, (value) => value + 1)).resolves.toBe(4)
  })
})
