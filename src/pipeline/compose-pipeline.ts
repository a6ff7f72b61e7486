/**
 * Folds interceptors around one handler, outermost first; done once per endpoint, so a call pays only for these.
 * This is the way without code generation; generate-pipeline.ts is the other one.
 */
import { isPromise } from './after.ts'
import type { Around, Before, Handler } from './interceptor.ts'
import { NextCalledTwice } from './pipeline-errors.ts'

/** Code of an interceptor that answered for an endpoint, with the name errors call it by. `before` runs first. */
export interface NamedStep {
  readonly name: string
  readonly before?: Before | undefined
  readonly around?: Around | undefined
  /** `around` may call `next` again, once the call before has ended. */
  readonly repeats?: boolean
}

/**
 * One function out of many.
 * @param steps - Outermost first.
 * @throws `PIPELINE_NEXT_CALLED_TWICE` from `next`, naming the interceptor at fault.
 */
export function composePipeline(steps: readonly NamedStep[], handler: Handler): Handler {
  return steps.reduceRight<Handler>((inner, { name, before, around, repeats }) => {
    const enclosed = !around ? inner : repeats ? encloseOften(around, inner) : enclose(name, around, inner)
    return before ? precede(before, enclosed) : enclosed
  }, handler)
}

function enclose(name: string, around: Around, inner: Handler): Handler {
  return (context) => {
    let entered = false
    return around(context, () => {
      if (entered) throw new NextCalledTwice(name, context.endpoint.name)
      entered = true
      return inner(context)
    })
  }
}

function encloseOften(around: Around, inner: Handler): Handler {
  return (context) => around(context, () => inner(context))
}

function precede(before: Before, inner: Handler): Handler {
  return (context) => {
    const waiting = before(context)
    return isPromise(waiting) ? Promise.resolve(waiting).then(() => inner(context)) : inner(context)
  }
}
