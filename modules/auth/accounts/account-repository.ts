/** Accounts in the application's database, in any entity that has the columns. */
import { BaseRepository, Repository } from 'tenon/data'

import type { AccountChanges, AccountStore, NewAccount } from './account-store.ts'
import { Account, AccountColumns } from './account.ts'

/** @example `@Repository(User) class Users extends AccountRepository<User> {}`, with `{ provide: AccountStore, useExisting: Users }` */
export abstract class AccountRepository<A extends AccountColumns> extends BaseRepository<A> implements AccountStore<A> {
  async findById(id: string): Promise<A | undefined> {
    return (await this.findOneBy({ id } as never)) ?? undefined
  }

  async findByEmail(email: string): Promise<A | undefined> {
    return (await this.findOneBy({ email } as never)) ?? undefined
  }

  /** What `profile` holds goes into columns of the same names; override it for anything else. */
  add({ profile, ...account }: NewAccount): Promise<A> {
    return this.insert({ ...profile, ...account } as never)
  }

  async change(id: string, changes: AccountChanges): Promise<void> {
    await this.update({ id } as never, changes as never)
  }
}

@Repository(Account)
export class Accounts extends AccountRepository<Account> {}
