/** What somebody needs who sees the desk for the first time: where it is, who they are, three things to try. */
import { Service } from 'tenon'

import { AccountsService } from './accounts/accounts-service.ts'
import { UserRepository } from './accounts/user-repository.ts'
import { DEMO_EMAIL, DEMO_PASSWORD } from './database/seed/demo-people.ts'
import { SeedConfig } from './database/seed/seed-config.ts'

@Service()
export class DemoGreeting {
  readonly #config: SeedConfig
  readonly #users: UserRepository
  readonly #accounts: AccountsService

  constructor(config: SeedConfig, users: UserRepository, accounts: AccountsService) {
    this.#config = config
    this.#users = users
    this.#accounts = accounts
  }

  /** The lines to print; a desk without demo data only says where it is. */
  async lines(url: string): Promise<readonly string[]> {
    const address = `Service desk: ${url}`
    const user = this.#config.isWanted ? await this.#users.findByEmail(DEMO_EMAIL) : null
    if (!user) return [address]
    const { token } = this.#accounts.open(user)
    const login = { email: DEMO_EMAIL, password: DEMO_PASSWORD }
    const ticket = { subject: 'Coffee machine is out of order', description: 'It only makes tea.', priority: 'high' }
    return [
      address,
      `Demo login:   ${DEMO_EMAIL} / ${DEMO_PASSWORD}`,
      curl(`${url}/api/auth/login`, { json: login }),
      curl(`${url}/api/tickets?state=open&sort=-priority&size=3`, { token }),
      curl(`${url}/api/tickets`, { token, json: ticket }),
    ]
  }
}

/** A line for a POSIX shell; nothing in it may contain a single quote. */
function curl(url: string, { token, json }: { readonly token?: string; readonly json?: object }): string {
  return [
    'curl -sS',
    `'${url}'`,
    ...(token === undefined ? [] : [`-H 'Authorization: Bearer ${token}'`]),
    ...(json === undefined ? [] : ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(json)}'`]),
    String.raw`-w '\n'`,
  ].join(' ')
}
