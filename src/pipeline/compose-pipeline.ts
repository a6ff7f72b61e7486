/** Folds interceptors around one handler, outermost first; done once per endpoint, so a call pays only for these. */
import type { Around, Handler } from './interceptor.ts'
import { NextCalledTwice } from './pipeline-errors.ts'

/** An interceptor that answered for an endpoint, with the name errors call it by. */
export interface NamedAround {
  readonly name: string
  readonly around: Around
  /** May call `next` again, once the call before has ended. */
  readonly repeats?: boolean
}

/**
 * One function out of many.
 * @param arounds - Outermost first.
 * @throws `PIPELINE_NEXT_CALLED_TWICE` from `next`, naming the interceptor at fault.
 */
export function composePipeline(arounds: readonly NamedAround[], handler: Handler): Handler {
  return arounds.reduceRight<Handler>((inner, each) => enclose(each, inner), handler)
}

function enclose({ name, around, repeats }: NamedAround, inner: Handler): Handler {
  if (repeats) return (context) => around(context, () => inner(context))
  return (context) => {
    let entered = false
    return around(context, () => {
      if (entered) throw new NextCalledTwice(name, context.endpoint.name)
      entered = true
      return inner(context)
    })
  }
}
