/**
 * The same as compose-pipeline.ts as generated code: one function per step that names the next one, so that the engine
 * sees straight calls it can inline. The code of a shape (which steps come before, which stand around) is generated
 * once and shared by all endpoints of that shape: five hundred routes warm up as one.
 */
import { isPromise } from './after.ts'
import type { NamedStep } from './compose-pipeline.ts'
import type { Around, Before, Handler } from './interceptor.ts'
import { NextCalledTwice } from './pipeline-errors.ts'

type Assemble = (
  codes: readonly (Before | Around)[],
  handler: Handler,
  isPromise: (value: unknown) => boolean,
  twice: (index: number, endpoint: string) => never,
) => Handler

interface Code {
  readonly kind: 'before' | 'around' | 'repeating'
  readonly name: string
  readonly run: Before | Around
}

/** Generates pipelines; one for an application. */
export class PipelineGenerator {
  readonly #shapes = new Map<string, Assemble>()

  /**
   * One function out of many.
   * @param steps - Outermost first.
   * @throws `PIPELINE_NEXT_CALLED_TWICE` from `next`, naming the interceptor at fault.
   */
  generate(steps: readonly NamedStep[], handler: Handler): Handler {
    const codes = steps.flatMap(codesOf)
    if (codes.length === 0) return handler
    const twice = (index: number, endpoint: string): never => {
      throw new NextCalledTwice(codes[index]!.name, endpoint)
    }
    return this.#assembler(codes)(
      codes.map(({ run }) => run),
      handler,
      isPromise,
      twice,
    )
  }

  #assembler(codes: readonly Code[]): Assemble {
    const shape = codes.map(({ kind }) => kind).join(' ')
    let assemble = this.#shapes.get(shape)
    if (!assemble) {
      // oxlint-disable-next-line typescript/no-implied-eval -- Nothing of a caller or of an application goes into the text.
      assemble = new Function('codes', 'handler', 'isPromise', 'twice', sourceOf(codes)) as Assemble
      this.#shapes.set(shape, assemble)
    }
    return assemble
  }
}

function codesOf({ name, before, around, repeats = false }: NamedStep): readonly Code[] {
  return [
    ...(before ? [{ kind: 'before', name, run: before } as const] : []),
    ...(around ? [{ kind: repeats ? 'repeating' : 'around', name, run: around } as const] : []),
  ]
}

const SOURCES: Readonly<Record<Code['kind'], (index: number, inner: string) => string>> = {
  before: beforeSource,
  around: aroundSource,
  repeating: (index, inner) => `const step${index} = (context) => run${index}(context, () => ${inner}(context))`,
}

function sourceOf(codes: readonly Code[]): string {
  const names = codes.map((_code, index) => `run${index}`)
  return [
    "'use strict'",
    `const [${names.join(', ')}] = codes`,
    ...codes.map(({ kind }, index) => {
      const inner = index + 1 === codes.length ? 'handler' : `step${index + 1}`
      return SOURCES[kind](index, inner)
    }),
    'return step0',
  ].join('\n')
}

function beforeSource(index: number, inner: string): string {
  return `function step${index}(context) {
  const waiting = run${index}(context)
  if (waiting !== undefined && isPromise(waiting)) return Promise.resolve(waiting).then(() => ${inner}(context))
  return ${inner}(context)
}`
}

function aroundSource(index: number, inner: string): string {
  return `function step${index}(context) {
  let entered = false
  return run${index}(context, () => {
    if (entered) twice(${index}, context.endpoint.name)
    entered = true
    return ${inner}(context)
  })
}`
}
