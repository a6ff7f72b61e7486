/** How endpoints become functions. */
import { Config, Env } from '../../decorators/index.ts'

/** `auto` generates code where the runtime allows it; `on` insists; `off` puts closures together instead. */
export type CodeGenerationSetting = 'auto' | 'on' | 'off'

@Config('compile')
export class CompileConfig {
  @Env('TENON_CODEGEN', {
    default: 'auto',
    oneOf: ['auto', 'on', 'off'],
    description: 'Whether endpoints are compiled to generated code: auto, on, or off for runtimes that forbid eval.',
  })
  readonly codegen!: CodeGenerationSetting
}
