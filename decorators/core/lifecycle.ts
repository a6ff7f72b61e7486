/**
 * Methods the application calls at its turning points.
 * Start: init (dependencies first), ready (all initialized, before traffic). Stop: drain (traffic still served),
 * shutdown (nothing served any more, dependants first).
 */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export const ON_INIT = new MetadataKey<true>('lifecycle.init')
export const ON_READY = new MetadataKey<true>('lifecycle.ready')
export const ON_DRAIN = new MetadataKey<true>('lifecycle.drain')
export const ON_SHUTDOWN = new MetadataKey<true>('lifecycle.shutdown')

/** Called once after construction, after everything it depends on was initialized. A rejection stops the start. */
export function OnInit(): MethodDecorator {
  return annotate(ON_INIT, true)
}

/** Called once when every provider is initialized, before the first request. */
export function OnReady(): MethodDecorator {
  return annotate(ON_READY, true)
}

/** Called when the application begins to stop; requests in flight are still served. */
export function OnDrain(): MethodDecorator {
  return annotate(ON_DRAIN, true)
}

/** Called when nothing is served any more, before what it depends on is shut down. */
export function OnShutdown(): MethodDecorator {
  return annotate(ON_SHUTDOWN, true)
}
