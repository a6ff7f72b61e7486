/** OpenAPI: what the decorators say about the API, as a document, a page and files. */
import { configure, type SettingsOf } from 'tenon'
import { Module, type ConfiguredModule } from 'tenon/decorators'

import { DocsController } from './docs-controller.ts'
import { OpenApiCommands } from './openapi-commands.ts'
import { OpenApiConfig } from './openapi-config.ts'
import { OpenApiController } from './openapi-controller.ts'
import { OpenApi } from './openapi.ts'
import { undocumentedAnswers } from './undocumented-answers.ts'

@Module({
  controllers: [OpenApiController, DocsController],
  providers: [OpenApi, OpenApiCommands],
  rules: [undocumentedAnswers],
})
export class OpenApiModule {
  /** @example `OpenApiModule.with({ title: 'Service desk', version: '2.1.0' })` */
  static with(settings: SettingsOf<OpenApiConfig>): ConfiguredModule {
    return configure(OpenApiModule, OpenApiConfig, settings)
  }
}
