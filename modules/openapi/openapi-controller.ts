/** Answers the document over HTTP. */
import { Ctx, HttpContext, NotFoundException } from 'tenon'
import { Controller, Doc, Get, NoTenant, Public, Query, type PathSurroundings } from 'tenon/decorators'

import { OpenApiConfig } from './openapi-config.ts'
import { OpenApi } from './openapi.ts'

/** Settings win over the environment, as for every other setting. */
function chosen(setting: string, variable: string) {
  return ({ settings, variables }: PathSurroundings): string | undefined =>
    (settings[setting] as string | undefined) ?? variables[variable]
}

export const documentPath = chosen('path', 'OPENAPI_PATH')
export const docsPath = chosen('docsPath', 'OPENAPI_DOCS_PATH')

@Controller({ path: '/openapi.json', pathFrom: documentPath })
@NoTenant('The document is the same for every tenant.')
@Public('What can be called is no secret; what a call needs stands in the document.')
@Doc({ hidden: true })
export class OpenApiController {
  readonly #openApi: OpenApi
  readonly #config: OpenApiConfig

  constructor(openApi: OpenApi, config: OpenApiConfig) {
    this.#openApi = openApi
    this.#config = config
  }

  @Get()
  async document(@Ctx() context: HttpContext, @Query('version') version?: string): Promise<object> {
    if (!this.#config.serve) throw new NotFoundException()
    const { personal } = this.#config
    context.response.setHeader('cache-control', personal ? 'private, no-store' : 'no-cache')
    return personal ? this.#openApi.documentFor(context, version) : this.#openApi.document(version)
  }
}
