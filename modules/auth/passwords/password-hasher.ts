/** What turns passwords into what may be kept of them. */

export abstract class PasswordHasher {
  /** A text that holds everything to check the password later, and from which it cannot be found out. */
  abstract hash(password: string): Promise<string>

  /**
   * Whether `password` is the one that was hashed.
   * @param stored - `undefined` where there is no account or no password: the work is done all the same, so that the
   *   time it takes does not tell who has one.
   */
  abstract verify(password: string, stored: string | undefined): Promise<boolean>

  /** Whether a hash was made with less than what is asked for today; it is replaced at the next login then. */
  abstract isOutdated(stored: string): boolean
}
