/**
 * Watches calls from within: the seam of traces, timings and budgets. Providers of this class are asked at the start of
 * each call; the calls that one of them watches run a second form of their pipeline, in which each part is wrapped. All
 * others run the plain form, so that a probe costs them one question.
 */
import type { Phase } from '../../decorators/index.ts'
import type { NamedStep } from './compose-pipeline.ts'
import type { CallContext } from './context.ts'
import type { Endpoint } from './endpoint.ts'
import type { Around, Handler } from './interceptor.ts'
import type { PipelineCompiler } from './pipeline-compiler.ts'

/** A part of a pipeline: all of it, the code of an interceptor before or around what is further inside, the handler. */
export interface ProbedPart {
  readonly kind: 'call' | 'before' | 'around' | 'handler'
  /** `RolesInterceptor`, `argument binding`; the endpoint's name for the call and the handler. */
  readonly name: string
  /** Of interceptors. */
  readonly phase: Phase | undefined
}

/** @example `@Module({ providers: [{ provide: CallProbe, useClass: SlowSteps }] })` */
export abstract class CallProbe {
  /**
   * Whether calls of this endpoint may ever be watched; asked once, when it is compiled. Where no probe takes part, the
   * endpoint is compiled as if there were none: not even the question is left. Default: `true`.
   */
  takesPart(_endpoint: Endpoint): boolean {
    return true
  }

  /** Whether this call is watched; asked once, before anything else of it runs. It must be cheap and must not throw. */
  abstract watches(context: CallContext): boolean

  /**
   * Asked once for each part of an endpoint, when its first watched call comes: the code around that part. It runs for
   * calls that another probe watches too, and must answer what `next` answers.
   */
  abstract around(part: ProbedPart, endpoint: Endpoint): Around | undefined
}

/** A step with the phase it runs in. */
export interface PhasedStep extends NamedStep {
  readonly phase: Phase
}

/** What is compiled for one endpoint. */
export interface ProbedPipeline {
  readonly endpoint: Endpoint
  /** Outermost first. */
  readonly steps: readonly PhasedStep[]
  readonly handler: Handler
  readonly compiler: PipelineCompiler
}

/** Those who may watch calls of an endpoint; each is asked once, here. */
export function takingPart(endpoint: Endpoint, all: readonly CallProbe[]): readonly CallProbe[] {
  return all.filter((probe) => probe.takesPart(endpoint))
}

/**
 * Compiles a pipeline; with probes in two forms, the second of which is made when it is needed first.
 * @param probes - Of `takingPart`.
 */
export function compileProbed(pipeline: ProbedPipeline, probes: readonly CallProbe[]): Handler {
  const plain = pipeline.compiler.compile(pipeline.steps, pipeline.handler)
  if (probes.length === 0) return plain
  const isWatched = watchedBy(probes)
  let probed: Handler | undefined
  return (context) => {
    if (!isWatched(context)) return plain(context)
    probed ??= compileWrapped(pipeline, probes)
    return probed(context)
  }
}

function watchedBy(probes: readonly CallProbe[]): (context: CallContext) => boolean {
  const [only, ...others] = probes
  if (only && others.length === 0) return (context) => only.watches(context)
  // Each is asked: one may begin a recording of its own.
  return (context) => probes.map((probe) => probe.watches(context)).includes(true)
}

function compileWrapped({ endpoint, steps, handler, compiler }: ProbedPipeline, probes: readonly CallProbe[]): Handler {
  const probed = (
    kind: ProbedPart['kind'],
    { name, phase }: { readonly name: string; readonly phase?: Phase },
  ): Around | undefined => nest(probes.flatMap((probe) => probe.around({ kind, name, phase }, endpoint) ?? []))

  const wrapped = steps.map(({ before, around, ...step }): NamedStep => {
    const ofBefore = before && probed('before', step)
    const ofAround = around && probed('around', step)
    return {
      ...step,
      before: ofBefore ? (context) => ofBefore(context, () => before(context)) : before,
      around: ofAround ? (context, next) => ofAround(context, () => around(context, next)) : around,
    }
  })
  const inner = compiler.compileWatched(wrapped, within(probed('handler', endpoint), handler))
  return within(probed('call', endpoint), inner)
}

function within(around: Around | undefined, handler: Handler): Handler {
  return around ? (context) => around(context, () => handler(context)) : handler
}

/** One around out of many, the first outermost; `undefined` out of none. */
function nest(arounds: readonly Around[]): Around | undefined {
  if (arounds.length === 0) return undefined
  return arounds.reduceRight((inner, around) => (context, next) => around(context, () => inner(context, next)))
}
