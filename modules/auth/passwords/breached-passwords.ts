/** Passwords that have been stolen somewhere, and are tried first by whoever has them. */

export abstract class BreachedPasswords {
  /** In how many breaches the password was found; 0 when none is known, or nobody could be asked. */
  abstract count(password: string): Promise<number>
}
