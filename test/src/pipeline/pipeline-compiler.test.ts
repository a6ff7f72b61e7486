import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { UNKNOWN_SITE } from '../../../decorators/index.ts'
import type { CodeGenerationSetting } from '../../../src/pipeline/compile-config.ts'
import type { NamedStep } from '../../../src/pipeline/compose-pipeline.ts'
import { CallContext } from '../../../src/pipeline/context.ts'
import { Endpoint } from '../../../src/pipeline/endpoint.ts'
import { PipelineCompiler } from '../../../src/pipeline/pipeline-compiler.ts'
import { MemoryLogger } from '../../../src/testing/memory-logger.ts'

class Sample {}

class SampleContext extends CallContext {
  readonly id = 'sample'
  readonly log = new MemoryLogger()

  constructor() {
    const parts = { transport: 'test', type: Sample, method: 'run', module: undefined, at: UNKNOWN_SITE }
    super(new Endpoint({ ...parts, parameters: [], returns: undefined }))
  }

  header(): undefined {
    return undefined
  }

  onSettled(): void {}
}

const MODES: readonly CodeGenerationSetting[] = ['on', 'off']

describe.each(MODES)('PipelineCompiler with code generation %s', (setting) => {
  const run = (steps: readonly NamedStep[], handler: () => unknown = () => 'done'): unknown =>
    new PipelineCompiler(setting).compile(steps, handler)(new SampleContext())

  /** Steps that note when they run. */
  function noting(): {
    seen: string[]
    before(name: string, wait?: boolean): NamedStep
    around(name: string): NamedStep
  } {
    const seen: string[] = []
    return {
      seen,
      before: (name, wait = false) => ({
        name,
        before: () => {
          seen.push(name)
          return wait ? Promise.resolve() : 'ignored'
        },
      }),
      around: (name) => ({
        name,
        around: (_context, next) => {
          seen.push(`${name} in`)
          const result = next()
          seen.push(`${name} out`)
          return result
        },
      }),
    }
  }

  it('says how it compiles', () => {
    expect(new PipelineCompiler(setting).mode).toBe(setting === 'on' ? 'generated code' : 'closures')
  })

  it('answers with the handler alone when there is nothing around it', () => {
    expect(run([])).toBe('done')
  })

  it('runs every step once, outermost first, and stays synchronous', () => {
    const { seen, before, around } = noting()

    const result = run([around('a'), before('b'), around('c'), { ...around('d'), before: () => seen.push('d before') }])

    expect(result).toBe('done')
    expect(seen).toEqual(['a in', 'b', 'c in', 'd before', 'd in', 'd out', 'c out', 'a out'])
  })

  it('waits for a step that takes its time before it goes on', async () => {
    const { seen, before } = noting()

    const result = run([before('a', true), before('b'), before('c', true)], () => {
      seen.push('handler')
      return 'late'
    })

    expect(seen).toEqual(['a'])
    expect(await result).toBe('late')
    expect(seen).toEqual(['a', 'b', 'c', 'handler'])
  })

  it('stops at a step that throws or rejects', async () => {
    const failure = new Error('no')
    const handler = (): never => {
      throw new Error('reached')
    }
    const throwing: NamedStep = {
      name: 'x',
      before: () => {
        throw failure
      },
    }

    expect(() => run([throwing], handler)).toThrow(failure)
    await expect(run([{ name: 'x', before: () => Promise.reject(failure) }], handler)).rejects.toBe(failure)
  })

  it('hands on what an interceptor makes of the result, and answers without the handler when none calls it', async () => {
    const wrap: NamedStep = { name: 'wrap', around: async (_context, next) => `(${String(await next())})` }
    const stop: NamedStep = { name: 'stop', around: () => 'stopped' }

    expect(await run([wrap, wrap])).toBe('((done))')
    expect(await run([wrap, stop, wrap])).toBe('(stopped)')
  })

  it('refuses a second next(), naming the interceptor, also when the first one failed', async () => {
    const twice: NamedStep = {
      name: 'Twice',
      around: (_context, next) => {
        next()
        return next()
      },
    }
    const retry: NamedStep = {
      name: 'Retry',
      around: async (_context, next) => {
        await Promise.resolve(next()).catch(() => undefined)
        return next()
      },
    }

    expect(() => run([{ name: 'outer', around: (_context, next) => next() }, twice])).toThrow(
      expect.objectContaining({ code: 'PIPELINE_NEXT_CALLED_TWICE', message: expect.stringContaining('Twice') }),
    )
    await expect(run([retry], () => Promise.reject(new Error('first')))).rejects.toMatchObject({
      code: 'PIPELINE_NEXT_CALLED_TWICE',
      message: expect.stringContaining('Retry'),
    })
  })

  it('lets one that repeats call next() as often as it likes', async () => {
    let tries = 0
    const again: NamedStep = {
      name: 'Again',
      repeats: true,
      around: async (_context, next) => [await next(), await next(), await next()],
    }

    expect(await run([{ name: 'outer', around: (_context, next) => next() }, again], () => (tries += 1))).toEqual([
      1, 2, 3,
    ])
  })

  it('keeps calls of one pipeline apart', async () => {
    const pipeline = new PipelineCompiler(setting).compile(
      [{ name: 'slow', around: async (_context, next) => [await next()] }],
      ({ args }) => args[0],
    )
    const contexts = [1, 2, 3].map((each) => Object.assign(new SampleContext(), { args: [each] }))

    expect(await Promise.all(contexts.map((context) => pipeline(context)))).toEqual([[1], [2], [3]])
  })
})

describe('PipelineCompiler where the runtime forbids code from text', () => {
  const program = (setting: CodeGenerationSetting): string =>
    execFileSync(
      process.execPath,
      [
        '--disallow-code-generation-from-strings',
        '--input-type=module',
        '--eval',
        `import { PipelineCompiler } from ${JSON.stringify(COMPILER)}
         try { console.log(new PipelineCompiler('${setting}').mode) } catch (error) { console.log(error.code) }`,
      ],
      { encoding: 'utf8', timeout: 20_000 },
    ).trim()

  it('puts closures together', () => {
    expect(program('auto')).toBe('closures')
  })

  it('does not start when generated code is insisted on', () => {
    expect(program('on')).toBe('PIPELINE_CODE_GENERATION_FORBIDDEN')
  })
})

const COMPILER = fileURLToPath(new URL('../../../src/pipeline/pipeline-compiler.js', import.meta.url))
