/** What may be chosen about the document and its page. */
import { Config, Env, type Surroundings } from 'tenon/decorators'

@Config('openapi')
export class OpenApiConfig {
  /** What the API is called. */
  @Env('OPENAPI_TITLE', { default: 'API', description: 'The name of the API in its document' })
  readonly title!: string

  /** The version of the API; where it has several, each document has its own. */
  @Env('OPENAPI_VERSION', { default: '1.0.0', description: 'The version of the API in its document' })
  readonly version!: string

  /** What the API is for, in Markdown. */
  @Env('OPENAPI_DESCRIPTION', { optional: true, description: 'What the API is for, in Markdown' })
  readonly description?: string

  /** Base URLs of the API. None: where the document came from. */
  @Env('OPENAPI_SERVERS', { default: [], description: 'Base URLs of the API, comma-separated' })
  readonly servers!: string[]

  /** Answer the document and its page over HTTP. Both are for everybody who can reach the application. */
  @Env('OPENAPI_SERVE', {
    default: ({ environment }: Surroundings) => environment !== 'production',
    description: 'Answer the document and its page. Default: true, false in production',
  })
  readonly serve!: boolean

  /** Where the document is. */
  @Env('OPENAPI_PATH', { default: '/openapi.json', description: 'Path of the document' })
  readonly path!: string

  /** Where the page is. */
  @Env('OPENAPI_DOCS_PATH', { default: '/docs', description: 'Path of the documentation page' })
  readonly docsPath!: string

  /** Show callers only what they may call, as far as a module of the application can tell. */
  @Env('OPENAPI_PERSONAL', { default: false, description: 'Show callers only what they may call' })
  readonly personal!: boolean
}
