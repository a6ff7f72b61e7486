/** `tenon accounts invite | roles | disable | enable`: people with accounts, from the shell. */
import { CommandResult } from 'tenon'
import { Command, Injectable, Param, Query } from 'tenon/decorators'

import { AccountAdministration } from './account-administration.ts'
import { AccountStore } from './account-store.ts'
import { AccountsConfig } from './accounts-config.ts'
import { AccountMissing } from './accounts-errors.ts'
import { normalizeEmail } from './email.ts'
import { Invitations } from './invitations.ts'

@Injectable()
export class AccountCommands {
  readonly #administration: AccountAdministration
  readonly #invitations: Invitations
  readonly #accounts: AccountStore
  readonly #config: AccountsConfig

  constructor(
    administration: AccountAdministration,
    invitations: Invitations,
    accounts: AccountStore,
    config: AccountsConfig,
  ) {
    this.#administration = administration
    this.#invitations = invitations
    this.#accounts = accounts
    this.#config = config
  }

  @Command('accounts:invite <email>', {
    description: 'Sends a mail with a link to join: there is an account once its owner accepts',
    options: {
      roles: 'Roles of the account, with commas between them. Default: those of people who sign up',
      tenant: 'The only tenant it may act for',
      name: 'The name, where accounts have one',
    },
    examples: ['tenon accounts invite ada@example.org --tenant acme --roles admin'],
  })
  async invite(
    @Param('email') email: string,
    @Query('roles') roles = this.#config.roles.join(','),
    @Query('tenant') tenant?: string,
    @Query('name') name?: string,
  ): Promise<CommandResult> {
    const invitation = await this.#invitations.invite({
      email,
      roles: roles.split(',').filter(Boolean),
      ...(tenant !== undefined && { tenant }),
      ...(name !== undefined && { profile: { name } }),
    })
    const until = new Date(invitation.expiresAt).toISOString()
    return new CommandResult({
      data: {
        id: invitation.id,
        email: invitation.email,
        roles: invitation.roles,
        tenant: invitation.tenant,
        expiresAt: until,
      },
      text: `${invitation.email} is invited until ${until}: the mail has a link to join.`,
    })
  }

  /** @throws `AUTH_ACCOUNT_MISSING` */
  @Command('accounts:roles <email> [roles...]', {
    description: 'Gives an account these roles instead of those it has',
    examples: ['tenon accounts roles ada@example.org admin'],
  })
  async giveRoles(@Param('email') email: string, @Param('roles') roles: string[] = []): Promise<CommandResult> {
    const id = await this.#idOf(email)
    await this.#administration.setRoles(id, roles)
    return new CommandResult({ data: { id, roles }, text: `${email} has now: ${roles.join(', ') || 'no role'}.` })
  }

  /** @throws `AUTH_ACCOUNT_MISSING` */
  @Command('accounts:disable <email>', {
    description: 'Ends every login of an account, and lets nobody log in with it',
    examples: ['tenon accounts disable ada@example.org'],
  })
  async disable(@Param('email') email: string): Promise<CommandResult> {
    const id = await this.#idOf(email)
    await this.#administration.disable(id)
    return new CommandResult({ data: { id }, text: `${email} is disabled.` })
  }

  /** @throws `AUTH_ACCOUNT_MISSING` */
  @Command('accounts:enable <email>', {
    description: 'Lets the owner of a disabled account log in again',
    examples: ['tenon accounts enable ada@example.org'],
  })
  async enable(@Param('email') email: string): Promise<CommandResult> {
    const id = await this.#idOf(email)
    await this.#administration.enable(id)
    return new CommandResult({ data: { id }, text: `${email} may log in.` })
  }

  async #idOf(email: string): Promise<string> {
    const account = await this.#accounts.findByEmail(normalizeEmail(email))
    if (!account) throw new AccountMissing(email)
    return account.id
  }
}
