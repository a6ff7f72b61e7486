/** Passwords that are chosen: checked by the policy, then hashed. */
import { Injectable } from 'tenon/decorators'

import { PasswordHasher } from './password-hasher.ts'
import { PasswordPolicy } from './password-policy.ts'
import { PasswordWeak } from './passwords-errors.ts'

@Injectable()
export class NewPasswords {
  readonly #policy: PasswordPolicy
  readonly #hasher: PasswordHasher

  constructor(policy: PasswordPolicy, hasher: PasswordHasher) {
    this.#policy = policy
    this.#hasher = hasher
  }

  /**
   * @param field - Of the request, for the error.
   * @throws `AUTH_PASSWORD_WEAK`, `AUTH_PASSWORDS_BUSY`
   */
  async hash(password: string, email: string, field: string): Promise<string> {
    const weakness = await this.#policy.weaknessOf(password, email)
    if (weakness) throw new PasswordWeak(weakness, field)
    return this.#hasher.hash(password)
  }
}
