/** `tenon service-accounts create | list | rotate | disable`: programs with accounts, from the shell. */
import { CommandResult } from 'tenon'
import { Command, Injectable, Param, Query } from 'tenon/decorators'

import { ServiceAccounts } from './service-accounts.ts'

const SHOWN_ONCE = 'It cannot be read again.'

@Injectable()
export class ServiceAccountCommands {
  readonly #accounts: ServiceAccounts

  constructor(accounts: ServiceAccounts) {
    this.#accounts = accounts
  }

  @Command('service-accounts:create <name>', {
    description: 'Makes an account for a program, and shows its secret, once',
    options: {
      roles: 'Roles of the program, with commas between them',
      scopes: 'Scopes it is limited to, with commas between them. Default: not limited',
      tenant: 'The only tenant it may act for',
    },
    examples: ['tenon service-accounts create nightly-import --roles agent --tenant acme'],
  })
  async create(
    @Param('name') name: string,
    @Query('roles') roles = '',
    @Query('scopes') scopes?: string,
    @Query('tenant') tenant?: string,
  ): Promise<CommandResult> {
    const { account, clientSecret } = await this.#accounts.create({
      name,
      roles: namesIn(roles),
      ...(scopes !== undefined && { scopes: namesIn(scopes) }),
      ...(tenant !== undefined && { tenant }),
    })
    return new CommandResult({
      data: { ...account, clientSecret },
      text: `client_id      ${account.id}\nclient_secret  ${clientSecret}\n${SHOWN_ONCE}`,
    })
  }

  @Command('service-accounts:list', {
    description: 'Lists the accounts of programs, the latest first',
    examples: ['tenon service-accounts list'],
  })
  async list(): Promise<CommandResult> {
    const data = await this.#accounts.list()
    const lines = data.map(({ id, name, roles, tenant, disabledAt }) =>
      [id, name, roles.join(','), tenant ?? '', disabledAt === undefined ? '' : 'disabled'].join('  ').trimEnd(),
    )
    return new CommandResult({ data, text: lines.join('\n') || 'No program has an account.' })
  }

  /** @throws `AUTH_SERVICE_ACCOUNT_UNKNOWN` */
  @Command('service-accounts:rotate <id>', {
    description: 'Gives a program a new secret; the old one holds for a day more',
    options: { now: 'The old secret is refused at once: it may be stolen' },
    examples: ['tenon service-accounts rotate 1f0c7d4e-1d0f-4c5b-9d55-2a1f6f3c9b10'],
  })
  async rotate(@Param('id') id: string, @Query('now') now?: boolean): Promise<CommandResult> {
    const clientSecret = await this.#accounts.rotateSecret(id, now ? 0 : undefined)
    return new CommandResult({ data: { id, clientSecret }, text: `client_secret  ${clientSecret}\n${SHOWN_ONCE}` })
  }

  /** @throws `AUTH_SERVICE_ACCOUNT_UNKNOWN` */
  @Command('service-accounts:disable <id>', {
    description: 'Refuses a program from now on, with every token and key it has',
    examples: ['tenon service-accounts disable 1f0c7d4e-1d0f-4c5b-9d55-2a1f6f3c9b10'],
  })
  async disable(@Param('id') id: string): Promise<CommandResult> {
    await this.#accounts.disable(id)
    return new CommandResult({ data: { id }, text: `${id} is disabled.` })
  }
}

function namesIn(text: string): readonly string[] {
  return text.split(',').filter(Boolean)
}
