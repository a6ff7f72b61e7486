/** What may be chosen for one fetch. */

export interface SafeFetchOptions {
  /** Default: `GET`. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** The only hosts that may be called, redirects included: `api.example.com`, `*.example.com`. Default: all public ones. */
  readonly hosts?: readonly string[]
  /** Default: that of the configuration. */
  readonly timeoutMs?: number
  /** Largest body of an answer. Default: that of the configuration. */
  readonly maxBytes?: number
  /** Most redirects that are followed; 0 answers the first one as it is. Default: that of the configuration. */
  readonly maxRedirects?: number
  /** Ends the fetch. */
  readonly signal?: AbortSignal
}

/** Options with everything decided. */
export interface FetchLimits {
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly maxRedirects: number
}
