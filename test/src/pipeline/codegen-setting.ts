/** Both ways of compiling pass the same tests: `TENON_CODEGEN=off npx jest` runs all of them without generated code. */
import type { CodeGenerationSetting } from '../../../src/pipeline/compile-config.ts'

export function codegenSetting(): CodeGenerationSetting {
  return process.env['TENON_CODEGEN'] === 'off' ? 'off' : 'auto'
}
