/** How callers say which version they mean. */
import { Config, Env } from 'tenon/decorators'

const VERSION_SOURCES = ['path', 'header', 'media-type', 'query'] as const

export type VersionSource = (typeof VERSION_SOURCES)[number]

@Config('versioning')
export class VersioningConfig {
  /** `path`: `/v1/tickets`; `header`; `media-type`: `Accept: application/json;v=1`; `query`: `/tickets?version=1`. */
  @Env('VERSIONING_FROM', {
    default: 'path',
    oneOf: [...VERSION_SOURCES],
    description: 'path, header, media-type or query',
  })
  readonly from!: VersionSource

  /** Before the number in a path. Days stand alone: `/2026-06-01/tickets`. */
  @Env('VERSIONING_PREFIX', { default: 'v', description: 'Before the number in a path' })
  readonly prefix!: string

  @Env('VERSIONING_HEADER', { default: 'x-api-version', description: 'The header that names the version' })
  readonly header!: string

  /** The parameter of the query, and of the media type. */
  @Env('VERSIONING_PARAMETER', { default: 'v', description: 'The parameter of the query or of the media type' })
  readonly parameter!: string

  /** For callers that name none. Without it they are told to name one. */
  @Env('VERSIONING_DEFAULT', { optional: true, description: 'The version of callers that name none' })
  readonly defaultVersion?: string
}
