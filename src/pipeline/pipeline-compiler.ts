/** Puts the pipelines of an application together, by generated code or by closures: the same behaviour either way. */
import type { CodeGenerationSetting } from './compile-config.ts'
import { composePipeline, type NamedStep } from './compose-pipeline.ts'
import { canGenerateCode } from '../platform/can-generate-code.ts'
import { PipelineGenerator } from './generate-pipeline.ts'
import type { Handler } from './interceptor.ts'
import { CodeGenerationForbidden } from './pipeline-errors.ts'

export class PipelineCompiler {
  readonly mode: 'generated code' | 'closures'
  readonly #generator: PipelineGenerator | undefined
  readonly #generatorOfWatched: PipelineGenerator | undefined

  /** @throws `PIPELINE_CODE_GENERATION_FORBIDDEN` where the runtime forbids what the setting insists on. */
  constructor(setting: CodeGenerationSetting) {
    const isPossible = setting !== 'off' && canGenerateCode()
    if (setting === 'on' && !isPossible) throw new CodeGenerationForbidden()
    this.#generator = isPossible ? new PipelineGenerator() : undefined
    this.#generatorOfWatched = isPossible ? new PipelineGenerator() : undefined
    this.mode = isPossible ? 'generated code' : 'closures'
  }

  /**
   * One function out of many.
   * @param steps - Outermost first.
   * @throws `PIPELINE_NEXT_CALLED_TWICE` from `next`, naming the interceptor at fault.
   */
  compile(steps: readonly NamedStep[], handler: Handler): Handler {
    return this.#generator ? this.#generator.generate(steps, handler) : composePipeline(steps, handler)
  }

  /**
   * The same for calls that are watched, in code of their own: what the engine learns of a shape from the few of them
   * would slow down all the others.
   */
  compileWatched(steps: readonly NamedStep[], handler: Handler): Handler {
    return this.#generatorOfWatched?.generate(steps, handler) ?? composePipeline(steps, handler)
  }
}
