/** `OpenApi`: the documents of the application, made when they are first asked for. */
import { EndpointChains, EndpointVisibility, Routes, type CallContext, type Endpoint } from 'tenon'
import { Injectable, Optional } from 'tenon/decorators'

import { buildDocument, type DocumentOptions } from './document/build-document.ts'
import type { OpenApiDocument, OperationMethod } from './document/openapi-document.ts'
import { OpenApiConfig } from './openapi-config.ts'
import { VersionUnknown } from './openapi-errors.ts'

/** One operation of a document, and the endpoint behind it. */
export interface TracedOperation {
  readonly path: string
  readonly method: OperationMethod
  readonly endpoint: Endpoint
}

export interface TracedDocument {
  readonly document: OpenApiDocument
  readonly operations: readonly TracedOperation[]
}

@Injectable()
export class OpenApi {
  readonly #routes: Routes
  readonly #chains: EndpointChains
  readonly #config: OpenApiConfig
  readonly #visibility: EndpointVisibility | undefined
  readonly #made = new Map<string | undefined, Promise<OpenApiDocument>>()

  constructor(
    routes: Routes,
    chains: EndpointChains,
    config: OpenApiConfig,
    @Optional() visibility?: EndpointVisibility,
  ) {
    this.#routes = routes
    this.#chains = chains
    this.#config = config
    this.#visibility = visibility
  }

  /** The versions that have a document, oldest first; empty where the API has none. */
  get versions(): readonly string[] {
    const named = this.#routes.endpoints.flatMap(({ version }) => version ?? [])
    return [...new Set(named)].toSorted(new Intl.Collator('en', { numeric: true }).compare)
  }

  /**
   * The whole document.
   * @param version - Default: the newest.
   * @throws `OPENAPI_VERSION_UNKNOWN`
   */
  document(version?: string): Promise<OpenApiDocument> {
    const chosen = this.#choose(version)
    let document = this.#made.get(chosen)
    if (!document) this.#made.set(chosen, (document = this.#build(chosen, () => true)))
    return document
  }

  /**
   * The document with what callers have no use for: where each operation is written, and each rule by itself as
   * `x-checks`. For those who make clients and watch contracts.
   * @param version - Default: the newest.
   * @throws `OPENAPI_VERSION_UNKNOWN`
   */
  async traced(version?: string): Promise<TracedDocument> {
    const operations: TracedOperation[] = []
    const document = await this.#build(this.#choose(version), () => true, {
      hasChecks: true,
      onOperation: (path, method, endpoint) => operations.push({ path, method, endpoint }),
    })
    return { document, operations }
  }

  /**
   * The part of the document that the caller may use; all of it where nobody in the application can tell.
   * @throws `OPENAPI_VERSION_UNKNOWN`
   */
  async documentFor(context: CallContext, version?: string): Promise<OpenApiDocument> {
    const visibility = this.#visibility
    if (!visibility) return this.document(version)
    const visible = new Set<Endpoint>()
    for (const endpoint of this.#routes.endpoints) {
      if (await visibility.isVisible(endpoint, context)) visible.add(endpoint)
    }
    return this.#build(this.#choose(version), (endpoint) => visible.has(endpoint))
  }

  #choose(version: string | undefined): string | undefined {
    const { versions } = this
    if (version !== undefined && !versions.includes(version)) throw new VersionUnknown(version, versions)
    return version ?? versions.at(-1)
  }

  #build(
    version: string | undefined,
    isVisible: (endpoint: Endpoint) => boolean,
    further: Pick<DocumentOptions, 'hasChecks' | 'onOperation'> = {},
  ): Promise<OpenApiDocument> {
    const { title, description, servers, version: single } = this.#config
    return buildDocument(
      { routes: this.#routes, chains: this.#chains },
      {
        info: { title, version: version ?? single, ...(description === undefined ? {} : { description }) },
        servers,
        version,
        isVisible,
        ...further,
      },
    )
  }
}
