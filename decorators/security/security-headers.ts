/** `@SecurityHeaders`: which protective headers the answers of an endpoint carry. */
import { annotate, type ClassOrMethodDecorator } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

/** Directives by name; `null` takes a default away. */
export type CspDirectives = Readonly<Record<string, readonly string[] | null>>

export interface ContentSecurityPolicy {
  /** Beside the defaults, or in place of those of the same name: `{ 'img-src': ["'self'", 'https://cdn.example'] }`. */
  readonly directives?: CspDirectives
  /** Whether the defaults hold for what `directives` does not name. Default: `true`. */
  readonly useDefaults?: boolean
  /** Browsers report what they would refuse, and refuse nothing. Default: `false`. */
  readonly reportOnly?: boolean
  /**
   * Scripts and styles of the page run when they carry the call's nonce, which the handler finds under `CSP_NONCE`. For
   * pages only: the nonce is new for every call. Default: `false`.
   */
  readonly nonce?: boolean
}

/** The words and values are helmet's; `false` leaves a header out, `true` takes its default. */
export interface SecurityHeaderOptions {
  readonly contentSecurityPolicy?: boolean | ContentSecurityPolicy
  /** Default: `false`, for it breaks pages that embed others. */
  readonly crossOriginEmbedderPolicy?: boolean | { readonly policy: 'require-corp' | 'credentialless' | 'unsafe-none' }
  readonly crossOriginOpenerPolicy?:
    | boolean
    | { readonly policy: 'same-origin' | 'same-origin-allow-popups' | 'noopener-allow-popups' | 'unsafe-none' }
  readonly crossOriginResourcePolicy?: boolean | { readonly policy: 'same-origin' | 'same-site' | 'cross-origin' }
  readonly originAgentCluster?: boolean
  readonly referrerPolicy?: boolean | { readonly policy: string | readonly string[] }
  /** Default: on in production, off elsewhere; `maxAge` counts seconds. */
  readonly strictTransportSecurity?:
    | boolean
    | { readonly maxAge?: number; readonly includeSubDomains?: boolean; readonly preload?: boolean }
  readonly xContentTypeOptions?: boolean
  readonly xDnsPrefetchControl?: boolean | { readonly allow: boolean }
  readonly xDownloadOptions?: boolean
  readonly xFrameOptions?: boolean | { readonly action: 'deny' | 'sameorigin' }
  readonly xPermittedCrossDomainPolicies?:
    | boolean
    | { readonly permittedPolicies: 'none' | 'master-only' | 'by-content-type' | 'all' }
  readonly xXssProtection?: boolean
}

export const SECURITY_HEADERS = new MetadataKey<SecurityHeaderOptions | false>('security.headers')

/**
 * Changes headers for an endpoint, or all of a controller; what is not named stays as the application has it. `false`
 * sends none of them.
 * @see docs/modules/security.md
 */
export function SecurityHeaders(options: SecurityHeaderOptions | false): ClassOrMethodDecorator {
  return annotate(SECURITY_HEADERS, options)
}
