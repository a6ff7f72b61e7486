/**
 * Asks a range API (as that of Have I Been Pwned) with k-anonymity: five of forty digits of the hash leave the machine,
 * and hundreds of hashes that begin so come back. Padding hides how many.
 */
import { hash } from 'node:crypto'

import { Logger } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { BreachedPasswords } from './breached-passwords.ts'
import { PasswordsConfig } from './passwords-config.ts'

const PREFIX_DIGITS = 5

@Injectable()
export class RangeApi extends BreachedPasswords {
  readonly #config: PasswordsConfig
  readonly #logger: Logger

  constructor(config: PasswordsConfig, logger: Logger) {
    super()
    this.#config = config
    this.#logger = logger
  }

  /** That nobody answers must not keep people from signing up: it is logged, and counts as not breached. */
  async count(password: string): Promise<number> {
    const { breachUrl, breachTimeoutMs } = this.#config
    if (breachUrl === undefined) return 0
    const digits = hash('sha1', password).toUpperCase()
    const folder = breachUrl.href.endsWith('/') ? breachUrl.href : `${breachUrl.href}/`
    try {
      const response = await fetch(folder + digits.slice(0, PREFIX_DIGITS), {
        headers: { 'add-padding': 'true' },
        redirect: 'error',
        signal: AbortSignal.timeout(breachTimeoutMs),
      })
      if (!response.ok) throw new Error(`It answered ${response.status}.`)
      return countIn(await response.text(), digits.slice(PREFIX_DIGITS))
    } catch (error) {
      this.#logger.warn('The list of breached passwords could not be asked.', { error, url: breachUrl.origin })
      return 0
    }
  }
}

/** Lines of `<rest of the hash>:<count>`; those of the padding count 0. */
function countIn(answer: string, rest: string): number {
  const line = answer.split(/\r?\n/).find((each) => each.toUpperCase().startsWith(`${rest}:`))
  return line === undefined ? 0 : Number(line.slice(rest.length + 1)) || 0
}
