/** What somebody needs who sees the desk for the first time: where it is, who they are, three things to try. */
import { Clock, Service } from 'tenon'
import { ApiKeys } from 'tenon/auth'

import { UserRepository } from './accounts/user-repository.ts'
import type { User } from './accounts/user.ts'
import { DEMO_ADMIN_EMAIL, DEMO_EMAIL, DEMO_PASSWORD } from './database/seed/demo-people.ts'
import { SeedConfig } from './database/seed/seed-config.ts'

const KEY_NAME = 'first steps'
const DAY_MS = 86_400_000

@Service()
export class DemoGreeting {
  readonly #config: SeedConfig
  readonly #users: UserRepository
  readonly #keys: ApiKeys
  readonly #clock: Clock

  constructor(config: SeedConfig, users: UserRepository, keys: ApiKeys, clock: Clock) {
    this.#config = config
    this.#users = users
    this.#keys = keys
    this.#clock = clock
  }

  /** The lines to print; a desk without demo data only says where it is. */
  async lines(url: string): Promise<readonly string[]> {
    const address = `Service desk: ${url}`
    const user = this.#config.isWanted ? await this.#users.findByEmail(DEMO_EMAIL) : undefined
    if (!user) return [address]
    const key = await this.#keyOf(user)
    const login = { email: DEMO_EMAIL, password: DEMO_PASSWORD }
    const ticket = { subject: 'Coffee machine is out of order', description: 'It only makes tea.', priority: 'high' }
    return [
      address,
      `Demo login:   ${DEMO_EMAIL} / ${DEMO_PASSWORD}`,
      `API:          ${url}/docs`,
      `What happens: ${url}/_dev`,
      curl(`${url}/api/auth/token`, { json: login }),
      curl(`${url}/api/tickets?state=open&sort=-priority&size=3`, { key }),
      curl(`${url}/api/tickets`, { key, json: ticket }),
      `An admin is ${DEMO_ADMIN_EMAIL}, with the same password: the page asks for a second factor first.`,
    ]
  }

  /** A new key at each start, for a day; the one of the start before ends. */
  async #keyOf({ id, roles, tenant }: User): Promise<string> {
    const known = await this.#keys.list(id)
    const former = known.filter(({ name, revokedAt }) => name === KEY_NAME && revokedAt === undefined)
    for (const each of former) await this.#keys.revoke(id, each.id)
    const { secret } = await this.#keys.create({
      owner: { id, roles, ...(tenant !== null && { tenant }) },
      name: KEY_NAME,
      scopes: ['tickets:read', 'tickets:write'],
      expiresAt: new Date(this.#clock.now().getTime() + DAY_MS),
    })
    return secret
  }
}

/** A line for a POSIX shell; nothing in it may contain a single quote. */
function curl(url: string, { key, json }: { readonly key?: string; readonly json?: object }): string {
  return [
    'curl -sS',
    `'${url}'`,
    ...(key === undefined ? [] : [`-H 'X-Api-Key: ${key}'`]),
    ...(json === undefined ? [] : ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(json)}'`]),
    String.raw`-w '\n'`,
  ].join(' ')
}
