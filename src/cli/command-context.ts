/** A call that came from the shell. Whoever can run commands on the machine is its operator. */
import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'

import type { Logger } from '../logging/logger.ts'
import { CallContext, type Outcome, type OutcomeListener } from '../pipeline/context.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import type { Principal } from '../pipeline/principal.ts'

/** Texts by name, as the shell gave them. */
export type CommandTexts = Readonly<Record<string, string | string[] | undefined>>

export interface CommandInput {
  /** Positional arguments by name. */
  readonly arguments?: CommandTexts
  /** Options by name: `dryRun` for `--dry-run`; `'true'` for those without a value. */
  readonly options?: CommandTexts
  /** Told as it happens, for long work. Default: nobody listens. */
  readonly onProgress?: (line: string, share?: ProgressShare) => void
}

/** How far long work is, in whatever it consists of: tenants, operations, rows. */
export interface ProgressShare {
  readonly done: number
  readonly total: number
}

export class CommandContext extends CallContext {
  readonly id: string = randomUUID()
  readonly log: Logger
  readonly input: CommandInput
  readonly startedAt: number = performance.now()
  #listeners: OutcomeListener[] = []
  #outcome: Outcome | undefined

  constructor(endpoint: Endpoint, input: CommandInput, logger: Logger) {
    super(endpoint)
    this.input = input
    this.log = logger.child({ requestId: this.id })
    this.principal = operator()
  }

  /** Commands have no headers. */
  header(): undefined {
    return undefined
  }

  /**
   * Tells whoever waits what is being done; on a terminal it appears beside the result.
   * @param share - How much is done already: drawn as a bar on a terminal.
   */
  progress(line: string, share?: ProgressShare): void {
    this.input.onProgress?.(line, share)
  }

  onSettled(listener: OutcomeListener): void {
    if (this.#outcome) this.#tell(listener, this.#outcome)
    else this.#listeners.push(listener)
  }

  /** @internal */
  settle(status: number, error?: unknown): void {
    this.#outcome = { status, error, durationMs: performance.now() - this.startedAt }
    this.state.end()
    for (const listener of this.#listeners.splice(0)) this.#tell(listener, this.#outcome)
  }

  #tell(listener: OutcomeListener, outcome: Outcome): void {
    try {
      listener(outcome, this)
    } catch (error) {
      this.log.error("A listener of a call's outcome threw.", { error })
    }
  }
}

function operator(): Principal {
  return {
    id: `operator:${userInfo().username}`,
    kind: 'operator',
    authentication: { scheme: 'shell', factors: [] },
  }
}
