/** Answers the documentation page and its scripts. */
import { posix } from 'node:path'

import { Ctx, HttpContext, NotFoundException } from 'tenon'
import { Controller, Doc, Get, NoTenant, Public, SetHeader } from 'tenon/decorators'

import { OpenApiConfig } from './openapi-config.ts'
import { docsPath } from './openapi-controller.ts'
import { OpenApi } from './openapi.ts'
import { contentSecurityPolicy, docsPage, preferredScheme, versionSource, type DocsSource } from './ui/docs-page.ts'
import { plainReferenceScript, referenceScript } from './ui/reference-script.ts'
import { START_SCRIPT } from './ui/start-script.ts'

const SCRIPT = 'text/javascript; charset=utf-8'

@Controller({ path: '/docs', pathFrom: docsPath })
@NoTenant('The document is the same for every tenant.')
@Public('The page shows the document, which is public too.')
@Doc({ hidden: true })
@SetHeader('x-content-type-options', 'nosniff')
@SetHeader('referrer-policy', 'no-referrer')
export class DocsController {
  readonly #openApi: OpenApi
  readonly #config: OpenApiConfig

  constructor(openApi: OpenApi, config: OpenApiConfig) {
    this.#openApi = openApi
    this.#config = config
  }

  @Get()
  @SetHeader('content-type', 'text/html; charset=utf-8')
  async page(@Ctx() { request, response }: HttpContext): Promise<string> {
    this.#requireServed()
    const document = await this.#openApi.document()
    const { title, servers, docsPath: own } = this.#config
    response.setHeader('content-security-policy', contentSecurityPolicy(servers))
    response.setHeader('cache-control', 'no-cache')
    // Seen from the page, so that it also works behind a proxy that serves the application under a prefix.
    const isFolder = request.path.endsWith('/')
    return docsPage({
      title,
      sources: this.#sources(isFolder),
      scripts: isFolder ? '.' : posix.basename(own),
      root: servers.length > 0 ? undefined : `${posix.relative(isFolder ? own : posix.dirname(own), '/') || '.'}/`,
      scheme: preferredScheme(document),
    })
  }

  @Get('/start.js')
  @SetHeader('content-type', SCRIPT)
  @SetHeader('cache-control', 'no-cache')
  start(): string {
    this.#requireServed()
    return START_SCRIPT
  }

  @Get('/reference.js')
  @SetHeader('content-type', SCRIPT)
  @SetHeader('cache-control', 'public, max-age=3600')
  @SetHeader('vary', 'accept-encoding')
  reference(@Ctx() { request, response }: HttpContext): Buffer {
    this.#requireServed()
    if (!request.acceptsEncodings('gzip')) return plainReferenceScript()
    response.setHeader('content-encoding', 'gzip')
    return referenceScript()
  }

  #sources(isFolder: boolean): readonly DocsSource[] {
    const { path, docsPath: own, title } = this.#config
    const url = posix.relative(isFolder ? own : posix.dirname(own), path)
    const { versions } = this.#openApi
    if (versions.length === 0) return [{ title, url }]
    return versions.map((version) => ({
      ...versionSource(version),
      url: `${url}?version=${encodeURIComponent(version)}`,
    }))
  }

  #requireServed(): void {
    if (!this.#config.serve) throw new NotFoundException()
  }
}
