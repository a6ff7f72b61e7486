/** Which endpoints a caller may know of, for documents and tools made for this caller. Who decides access provides it. */
import type { CallContext } from './context.ts'
import type { Endpoint } from './endpoint.ts'

export abstract class EndpointVisibility {
  /** Whether the caller of `context` may call `endpoint`, as far as can be told without its arguments. */
  abstract isVisible(endpoint: Endpoint, context: CallContext): boolean | Promise<boolean>
}
