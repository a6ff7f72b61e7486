/** What may be chosen about passwords. */
import { Config, Env } from 'tenon/decorators'

@Config('passwords')
export class PasswordsConfig {
  @Env('PASSWORD_MIN_LENGTH', { default: 12, min: 8, max: 64, description: 'Fewest characters of a password.' })
  readonly minLength!: number

  /** Longer ones would only cost time. */
  @Env('PASSWORD_MAX_LENGTH', { default: 128, min: 64, max: 1024, description: 'Most characters of a password.' })
  readonly maxLength!: number

  /** OWASP Password Storage Cheat Sheet: 19 MiB with two passes and one lane; less memory wants more passes. */
  @Env('PASSWORD_MEMORY_KIB', {
    default: 19_456,
    min: 7168,
    max: 1_048_576,
    description: 'Memory of one argon2id run, in KiB. Hashes are made anew at the next login when it changes.',
  })
  readonly memoryKib!: number

  @Env('PASSWORD_PASSES', { default: 2, min: 1, max: 64, description: 'Passes of argon2id over its memory.' })
  readonly passes!: number

  @Env('PASSWORD_LANES', { default: 1, min: 1, max: 16, description: 'Lanes of argon2id.' })
  readonly lanes!: number

  /** Each run takes a thread and its memory, so that many at once would starve everything else. */
  @Env('PASSWORD_MAX_WAITING', {
    default: 100,
    min: 1,
    max: 10_000,
    description: 'Most passwords that wait to be hashed; further ones are answered 503.',
  })
  readonly maxWaiting!: number

  /** Off where not set: nothing of a password leaves the machine unless somebody decides so. */
  @Env('PASSWORD_BREACH_URL', {
    optional: true,
    description:
      'Range API that knows breached passwords, e.g. https://api.pwnedpasswords.com/range/. Default: not asked.',
  })
  readonly breachUrl?: URL

  @Env('PASSWORD_BREACH_TIMEOUT_MS', { default: 1500, min: 1, description: 'Longest wait for the range API.' })
  readonly breachTimeoutMs!: number
}
