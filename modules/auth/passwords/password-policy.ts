/** Which passwords are taken. */

/** Why a password is not taken. */
export interface PasswordWeakness {
  /** `tooShort`, `tooLong`, `common`, `likeEmail`, `repetitive`, `breached`, or one of your own. */
  readonly code: string
  /** Completes "This password cannot be taken: …", in words for people. */
  readonly message: string
}

/** Applications with rules of their own provide this class. */
export abstract class PasswordPolicy {
  /** @returns what is wrong, or nothing. */
  abstract weaknessOf(password: string, email: string): Promise<PasswordWeakness | undefined>
}
