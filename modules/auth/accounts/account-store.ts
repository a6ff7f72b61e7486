/** Where accounts are kept: in the table of the ready `Account`, or wherever an application has its people. */

/** What an account must offer, whatever else it has. */
export interface AccountRecord {
  readonly id: string
  /** As `normalizeEmail` writes it; no two accounts have the same. */
  readonly email: string
  /** `null`: nobody can log in by password, such as somebody who logs in elsewhere. */
  readonly passwordHash: string | null
  readonly roles: readonly string[]
  /** The only tenant the account may act for; `null`: not bound to one. */
  readonly tenant: string | null
  /** Moments in milliseconds since the epoch. When the address was proved to be its owner's. */
  readonly verifiedAt: number | null
  /** Since when nobody can log in. */
  readonly disabledAt: number | null
  readonly createdAt: number
}

export interface NewAccount extends AccountRecord {
  /** What the application's own sign-up has asked for besides; `{}` by the ready one. */
  readonly profile: Readonly<Record<string, unknown>>
}

/** What the module changes of an account. */
export type AccountChanges = Partial<
  Pick<AccountRecord, 'email' | 'passwordHash' | 'roles' | 'tenant' | 'verifiedAt' | 'disabledAt'>
>

/** Provide this class to keep accounts somewhere else: `{ provide: AccountStore, useExisting: Users }`. */
export abstract class AccountStore<A extends AccountRecord = AccountRecord> {
  abstract findById(id: string): Promise<A | undefined>

  /** @param email - Normalized. */
  abstract findByEmail(email: string): Promise<A | undefined>

  /** @throws `DATA_DUPLICATE_ROW` when there is an account with this address. */
  abstract add(account: NewAccount): Promise<A>

  /** @throws `DATA_DUPLICATE_ROW` when another account has the new address. */
  abstract change(id: string, changes: AccountChanges): Promise<void>
}
