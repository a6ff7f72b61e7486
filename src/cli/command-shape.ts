/** What people see of a command, whoever brings it: enough to print its help and to read its line. */
import type { CommandArgument } from '../../decorators/index.ts'

export interface OptionShape {
  /** As commander writes them: `--port <number>`, `-f, --force`, `--only <names...>`. */
  readonly flags: string
  readonly description: string
}

export interface CommandShape {
  /** `db:status`; `db status` works as well. */
  readonly name: string
  /** One sentence for the list of commands. */
  readonly description: string
  readonly arguments: readonly CommandArgument[]
  readonly options: readonly OptionShape[]
  /** Lines that work. */
  readonly examples: readonly string[]
}

/** What a line gave: texts by name, `true` for options without a value. */
export interface ParsedLine {
  readonly arguments: Readonly<Record<string, string | string[] | undefined>>
  readonly options: Readonly<Record<string, string | boolean | string[] | undefined>>
}
