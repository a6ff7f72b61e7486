/** `@Command`: a method that people run from the shell: `tenon tenant create acme`. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export interface CommandArgument {
  readonly name: string
  readonly required: boolean
  /** Takes all that is left, as a list. */
  readonly many: boolean
}

export interface CommandFact {
  /** `tenant:create`; the shell takes `tenant create` as well. */
  readonly name: string
  readonly arguments: readonly CommandArgument[]
  readonly description: string
  readonly starts: boolean
  readonly options: Readonly<Record<string, string>>
  readonly examples: readonly string[]
}

export interface CommandOptions {
  /** One sentence for the list of commands. */
  readonly description: string
  /**
   * Whether the application is started first (`@OnInit`, `@OnReady`: databases open, migrations run). `false`: providers
   * are built and nothing more. Default: `true`.
   */
  readonly starts?: boolean
  /** What each option is for, by the name of its `@Query` parameter or field. */
  readonly options?: Readonly<Record<string, string>>
  /** Lines that work: `tenon tenant create acme --plan pro`. */
  readonly examples?: readonly string[]
}

export const COMMAND = new MetadataKey<CommandFact>('core.command')

/**
 * The method of any provider runs as a command, inside the same interceptors as every other endpoint. `@Param('id')` is
 * a positional argument and `@Query('dryRun')` the option `--dry-run` (a DTO takes all of them), converted and validated
 * as over HTTP. What the method answers is printed; see `CommandResult`.
 * @param usage - `tenant:create <id> [name]`: required in angle brackets, optional in square ones, `<files...>` for many.
 */
export function Command(usage: string, options: CommandOptions): MethodDecorator {
  return annotate(COMMAND, {
    ...readUsage(usage),
    description: options.description,
    starts: options.starts ?? true,
    options: options.options ?? {},
    examples: options.examples ?? [],
  })
}

/** Name and arguments of a usage line, `tenant:create <id> [name]`. */
export function readUsage(usage: string): Pick<CommandFact, 'name' | 'arguments'> {
  const [name = '', ...rest] = usage.split(/\s+/)
  return { name, arguments: rest.map(readArgument) }
}

function readArgument(text: string): CommandArgument {
  const inner = text.slice(1, -1)
  const many = inner.endsWith('...')
  return { name: many ? inner.slice(0, -3) : inner, required: text.startsWith('<'), many }
}
