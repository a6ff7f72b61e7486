/** `@Cors`: which other origins' pages may call an endpoint and read its answers. */
import { annotate, type ClassOrMethodDecorator } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export interface CorsOptions {
  /** `'*'` for every page there is, or origins as browsers send them, or regular expressions anchored at both ends. */
  readonly origins?: '*' | readonly (string | RegExp)[]
  /** Browsers send cookies and let the page read the answer; not together with `'*'`. Default: `false`. */
  readonly credentials?: boolean
  /** Request headers that pages may set. Default: whatever they ask for. */
  readonly headers?: readonly string[]
  /** Response headers that pages may read besides the harmless ones. Default: none. */
  readonly exposedHeaders?: readonly string[]
  /** How long browsers remember a preflight, in seconds. Default: 600. */
  readonly maxAgeSeconds?: number
}

export const CORS = new MetadataKey<CorsOptions | false>('security.cors')

/**
 * Changes CORS for an endpoint, or all of a controller; what is not named stays as the application has it. `false` keeps
 * other origins out.
 * @see docs/modules/security.md
 */
export function Cors(options: CorsOptions | false): ClassOrMethodDecorator {
  return annotate(CORS, options)
}
