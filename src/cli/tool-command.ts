/** A command of the tool itself: one file each in commands/. Those of applications and modules use `@Command`. */
import { readUsage } from '../../decorators/index.ts'
import { CliOptionInvalid } from './cli-errors.ts'
import type { ProgressShare } from './command-context.ts'
import type { CommandResult } from './command-result.ts'
import type { CommandShape, OptionShape, ParsedLine } from './command-shape.ts'
import { Progress } from './progress.ts'
import type { ToolIo } from './tool-io.ts'
import type { Project } from './project.ts'

export interface ToolCommand extends CommandShape {
  /** What the process ends with stands in the result; `undefined` prints nothing and ends with 0. */
  run(call: ToolCall): Promise<CommandResult | undefined> | CommandResult | undefined
}

export interface ToolCommandParts {
  readonly description: string
  /** By flags: `{ '--port <number>': 'Where it listens' }`. */
  readonly options?: Readonly<Record<string, string>>
  readonly examples: readonly string[]
  readonly run: ToolCommand['run']
}

/**
 * Declares a command of the tool.
 * @param usage - `why <question>`; see `@Command`.
 */
export function toolCommand(usage: string, { options = {}, ...parts }: ToolCommandParts): ToolCommand {
  const { name, arguments: args } = readUsage(usage)
  return { name, arguments: args, options: shapesOf(options), ...parts }
}

/** One line that was typed, and what it may ask for: the project's program is opened only when asked for. */
export class ToolCall {
  readonly io: ToolIo
  readonly project: Project
  /** Whether the answer will be printed as JSON. */
  readonly isJson: boolean
  readonly #line: ParsedLine
  readonly #shape: CommandShape
  readonly #progress: Progress

  constructor(shape: CommandShape, line: ParsedLine, surroundings: { io: ToolIo; project: Project; isJson: boolean }) {
    this.#shape = shape
    this.#line = line
    this.io = surroundings.io
    this.project = surroundings.project
    this.isJson = surroundings.isJson
    this.#progress = new Progress(this.io, this.isJson)
  }

  /** A positional argument; empty when it is optional and was left out. */
  argument(name: string): string {
    const value = this.#line.arguments[name]
    return Array.isArray(value) ? value.join(' ') : (value ?? '')
  }

  /** A positional argument that takes all that is left. */
  list(name: string): readonly string[] {
    const value = this.#line.arguments[name] ?? this.#line.options[name]
    return Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
  }

  /** The value of an option, by its name in camel case. */
  option(name: string): string | undefined {
    const value = this.#line.options[name]
    return typeof value === 'string' ? value : undefined
  }

  /** Whether an option without a value was given. */
  flag(name: string): boolean {
    return this.#line.options[name] === true
  }

  /** Whether `--no-<name>` was given. */
  isOff(name: string): boolean {
    return this.#line.options[name] === false
  }

  /**
   * A whole number.
   * @throws `CLI_OPTION_INVALID`
   */
  number(name: string, byDefault: number): number {
    const text = this.option(name)
    if (text === undefined) return byDefault
    if (!/^\d+$/.test(text)) throw new CliOptionInvalid(this.#shape.name, name, text, 'a whole number')
    return Number(text)
  }

  /**
   * One of some words.
   * @throws `CLI_OPTION_INVALID`
   */
  oneOf<T extends string>(name: string, words: readonly [T, ...T[]]): T {
    const text = this.option(name) ?? words[0]
    const word = words.find((each) => each === text)
    if (word === undefined) throw new CliOptionInvalid(this.#shape.name, name, text, `one of ${words.join(', ')}`)
    return word
  }

  /** Says what is being done, beside the answer. @param share - How much is done already. */
  progress(line: string, share?: ProgressShare): void {
    this.#progress.tell(line, share)
  }

  /** Nothing more is being done: takes the bar away. */
  endProgress(): void {
    this.#progress.end()
  }
}

function shapesOf(options: Readonly<Record<string, string>>): readonly OptionShape[] {
  return Object.entries(options).map(([flags, description]) => ({ flags, description }))
}
