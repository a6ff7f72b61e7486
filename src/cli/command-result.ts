/** What a command answers when a plain value does not say it all. */
export interface CommandResultParts {
  /** What `--json` prints. */
  readonly data: unknown
  /** What people read; several lines are fine. */
  readonly text: string
  /** What the process ends with. Default: 0. */
  readonly exitCode?: number | undefined
}

/**
 * One answer in two forms: for programs and for people.
 * @example `return new CommandResult({ data: { migrated }, text: `${migrated.length} migrations have run.` })`
 */
export class CommandResult {
  readonly data: unknown
  readonly text: string
  readonly exitCode: number

  constructor({ data, text, exitCode = 0 }: CommandResultParts) {
    this.data = data
    this.text = text
    this.exitCode = exitCode
  }

  /** Whatever a command answered: texts are for people as they are, the rest as JSON. */
  static of(answer: unknown): CommandResult {
    if (answer instanceof CommandResult) return answer
    if (answer === undefined) return new CommandResult({ data: null, text: '' })
    return new CommandResult({
      data: answer,
      text: typeof answer === 'string' ? answer : JSON.stringify(answer, undefined, 2),
    })
  }
}
