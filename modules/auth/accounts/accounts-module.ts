/** Accounts: signing up, logging in, forgotten passwords, changed addresses, sessions. */
import { configure, when, type SettingsOf } from 'tenon'
import { DataModule } from 'tenon/data'
import { Module, type Class, type ConfiguredModule } from 'tenon/decorators'

import { AuthModule } from '../auth-module.ts'
import { MailModule } from '../mail/mail-module.ts'
import { PasswordsModule } from '../passwords/passwords-module.ts'
import { SessionsModule } from '../sessions/sessions-module.ts'
import { KnownPrincipals } from '../tokens/known-principals.ts'
import { AccountAdministration } from './account-administration.ts'
import { AccountCommands } from './account-commands.ts'
import { accountEndpoints } from './account-endpoints.ts'
import { AccountEvents } from './account-events.ts'
import { AccountGuard } from './account-guard.ts'
import { AccountMails } from './account-mails.ts'
import { AccountPasswords } from './account-passwords.ts'
import { AccountPost } from './account-post.ts'
import { AccountPrincipals } from './account-principals.ts'
import { Accounts } from './account-repository.ts'
import { AccountStore } from './account-store.ts'
import { Account } from './account.ts'
import { AccountsConfig } from './accounts-config.ts'
import { Attempt } from './attempt.ts'
import { AttemptRows, Attempts } from './attempts.ts'
import { CreateAuthAccounts1795000000001 } from './create-auth-accounts.ts'
import { CreateAuthInvitations1798000000000 } from './create-auth-invitations.ts'
import { EmailChanges } from './email-changes.ts'
import { InvitationRow } from './invitation-row.ts'
import { InvitationRows, Invitations } from './invitations.ts'
import { Logins } from './logins.ts'
import { OneTimeCode } from './one-time-code.ts'
import { OneTimeCodeRows, OneTimeCodes } from './one-time-codes.ts'
import { SignOuts } from './sign-outs.ts'
import { SignUps } from './sign-ups.ts'

/** Everything but the endpoints, for applications that write their own. */
@Module({
  imports: [AuthModule, DataModule, MailModule, PasswordsModule, SessionsModule],
  entities: [Account, OneTimeCode, Attempt, InvitationRow],
  migrations: [CreateAuthAccounts1795000000001, CreateAuthInvitations1798000000000],
  providers: [
    SignUps,
    Logins,
    AccountPasswords,
    EmailChanges,
    AccountAdministration,
    Invitations,
    InvitationRows,
    AccountCommands,
    SignOuts,
    AccountEvents,
    AccountGuard,
    AccountPost,
    Attempts,
    AttemptRows,
    OneTimeCodes,
    OneTimeCodeRows,
    Accounts,
    { provide: AccountStore, useExisting: Accounts, when: when.missing(AccountStore) },
    { provide: AccountMails, useClass: AccountMails, when: when.missing(AccountMails) },
    { provide: KnownPrincipals, useClass: AccountPrincipals, when: when.missing(KnownPrincipals) },
  ],
  internal: [AccountEvents, AccountGuard, AccountPost, AttemptRows, InvitationRows, OneTimeCodeRows],
})
export class AccountServicesModule {
  static with(settings: SettingsOf<AccountsConfig>): ConfiguredModule {
    return configure(AccountServicesModule, AccountsConfig, settings)
  }
}

const PREFIX = '/auth'

@Module({ imports: [AccountServicesModule], controllers: accountEndpoints(PREFIX, true) })
export class AccountsModule {
  /**
   * @param settings - `signUp: false` leaves its endpoint out, for a sign-up of your own at the same path.
   * @param prefix - Where the endpoints are.
   * @example `AccountsModule.with({ loginTries: 3 }, '/api/auth')`
   */
  static with(settings: SettingsOf<AccountsConfig>, prefix: string = PREFIX): ConfiguredModule {
    const hasSignUp = typeof settings === 'function' || settings.signUp !== false
    const isUsual = prefix === PREFIX && hasSignUp
    return configure(isUsual ? AccountsModule : endpointsBelow(prefix, hasSignUp), AccountsConfig, settings)
  }
}

function endpointsBelow(prefix: string, hasSignUp: boolean): Class {
  @Module({ imports: [AccountServicesModule], controllers: accountEndpoints(prefix, hasSignUp) })
  class AccountsModuleElsewhere {}
  return AccountsModuleElsewhere
}
