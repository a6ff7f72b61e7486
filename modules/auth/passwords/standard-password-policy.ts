/**
 * Long enough, not common, not made of the e-mail address, not known from a breach. No rules on kinds of characters:
 * they make passwords worse (NIST SP 800-63B-4 §3.1.1.2).
 */
import { Injectable } from 'tenon/decorators'

import { BreachedPasswords } from './breached-passwords.ts'
import { isCommon } from './common-passwords.ts'
import { PasswordPolicy, type PasswordWeakness } from './password-policy.ts'
import { PasswordsConfig } from './passwords-config.ts'

/** A shorter part of an address is in too many innocent passwords. */
const SHORTEST_TELLING_PART = 4
const FEWEST_DIFFERENT_CHARACTERS = 5

@Injectable()
export class StandardPasswordPolicy extends PasswordPolicy {
  readonly #config: PasswordsConfig
  readonly #breached: BreachedPasswords

  constructor(config: PasswordsConfig, breached: BreachedPasswords) {
    super()
    this.#config = config
    this.#breached = breached
  }

  async weaknessOf(password: string, email: string): Promise<PasswordWeakness | undefined> {
    const { minLength, maxLength } = this.#config
    const characters = Array.from(password.normalize('NFKC'))
    if (characters.length < minLength) return weakness('tooShort', `it has fewer than ${minLength} characters`)
    if (password.length > maxLength) return weakness('tooLong', `it has more than ${maxLength} characters`)
    if (new Set(characters).size < FEWEST_DIFFERENT_CHARACTERS) {
      return weakness('repetitive', 'it repeats the same few characters')
    }
    if (isRow(characters)) return weakness('repetitive', 'each character follows from the one before')
    if (isLikeEmail(password, email)) return weakness('likeEmail', 'it is made of the e-mail address')
    if (isCommon(password)) return weakness('common', 'it is made of words and digits that everybody tries')
    if ((await this.#breached.count(password)) > 0) {
      return weakness('breached', 'it is in a list of stolen passwords, and is tried first')
    }
    return undefined
  }
}

function weakness(code: string, message: string): PasswordWeakness {
  return { code, message }
}

/** `123456789012`, `abcdefghijkl`, `210987654321`: nine and zero are neighbours as well. */
function isRow(characters: readonly string[]): boolean {
  const steps = characters.slice(1).map((each, index) => each.codePointAt(0)! - characters[index]!.codePointAt(0)!)
  return [1, -1].some((direction) => steps.every((step) => step === direction || step === direction * -9))
}

/** One is most of the other, however it is cut and whatever case it has. */
function isLikeEmail(password: string, email: string): boolean {
  const lower = password.toLowerCase()
  const [local = '', domain = ''] = email.toLowerCase().split('@')
  const parts = [email.toLowerCase(), local, ...local.split(/[^a-z0-9]+/), ...domain.split('.').slice(0, -1)]
  const telling = [...new Set(parts)].filter(({ length }) => length >= SHORTEST_TELLING_PART)
  const longestFirst = telling.toSorted((a, b) => b.length - a.length)
  const rest = longestFirst.reduce((left, part) => left.replaceAll(part, ''), lower)
  return rest.length <= lower.length / 2
}
