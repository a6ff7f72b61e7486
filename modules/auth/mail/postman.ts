/**
 * Brings mail away without letting callers wait. How long a mail takes would tell them whether there was one to send, and
 * so who has an account.
 */
import { Logger } from 'tenon'
import { Injectable, OnDrain } from 'tenon/decorators'

@Injectable()
export class Postman {
  readonly #logger: Logger
  readonly #underway = new Set<Promise<void>>()

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** Begins the work after the caller's own; what fails is logged without what the mail says. */
  afterwards(work: () => Promise<void>): void {
    const done = new Promise(setImmediate)
      .then(work)
      .catch((error: unknown) => this.#logger.error('A mail could not be sent.', { error }))
      .finally(() => this.#underway.delete(done))
    this.#underway.add(done)
  }

  /** Resolves when everything that was begun is done. */
  @OnDrain()
  async settled(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway)
  }
}
