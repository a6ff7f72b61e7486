/** What the scenario needs of where it runs, and what it notes down on its way. */
import { createClient, type Client } from './api.ts'
import type { Login } from './people.ts'

export interface Surroundings {
  readonly baseUrl: string
  /** Keeps cookies, as browsers do. */
  readonly fetch: (url: string, init: { readonly method: string }) => Promise<Response>
  /** The code in the latest mail to somebody. */
  readonly codeFor: (email: string) => Promise<string>
  /** Opens an address in the same browser and follows where it leads. */
  readonly visit: (address: string) => Promise<void>
  /** `navigator.credentials`, from JSON to JSON. */
  readonly passkeys: {
    create(options: object): Promise<object>
    get(options: object): Promise<object>
  }
}

interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
}

interface Refusal {
  readonly ok: false
  readonly problem: { readonly code: string }
}

interface Refusable {
  result(): Promise<{ readonly ok: true } | Refusal>
}

/** The code of the problem, or that there was none. */
export async function refusalOf(call: Refusable): Promise<string> {
  const result = await call.result()
  return result.ok ? 'accepted' : result.problem.code
}

interface Told {
  readonly code: string
  readonly ticket?: string
}

/** The ticket of a login that waits for its second factor. */
export function ticketIn({ problem }: Refusal): string {
  const { code, ticket } = problem as Told
  if (code !== 'MFA_REQUIRED' || ticket === undefined) throw new Error(`Refused by ${code}.`)
  return ticket
}

/** One run: makes clients, and notes each call with the status of its answer. */
export class Stage {
  /** `GET /api/tickets 200` */
  readonly calls: string[] = []
  readonly codeFor: Surroundings['codeFor']
  readonly visit: Surroundings['visit']
  readonly passkeys: Surroundings['passkeys']
  readonly #surroundings: Surroundings
  readonly #recoveryCodes = new Map<string, string[]>()

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
    this.codeFor = surroundings.codeFor
    this.visit = surroundings.visit
    this.passkeys = surroundings.passkeys
  }

  client(options: object = {}): Client {
    const { baseUrl, fetch } = this.#surroundings
    const noting = async (url: string, init: { readonly method: string }): Promise<Response> => {
      const answer = await fetch(url, init)
      this.calls.push(`${init.method} ${new URL(url).pathname} ${answer.status}`)
      return answer
    }
    return createClient({ baseUrl, fetch: noting as never, retries: 0, ...options })
  }

  /** Keeps what an account was given with its first factor: later logins use them up. */
  keepRecoveryCodes(email: string, codes: readonly string[]): void {
    this.#recoveryCodes.set(email, [...codes])
  }

  /** By the password, and by a recovery code where there is a second factor. */
  async logIn({ email, password }: Login): Promise<Tokens> {
    const { accounts, mfa } = this.client()
    const login = await accounts.tokenLogin({ body: { email, password } }).result()
    if (login.ok) return login.value
    const recoveryCode = this.#recoveryCodes.get(email)?.shift() ?? 'none left'
    return mfa.tokens.finish({ body: { ticket: ticketIn(login), recoveryCode } })
  }

  /** Somebody who is logged in, and renews the login by itself when it is refused. */
  async member(login: Login): Promise<Client> {
    const { tokenEndpoints } = this.client()
    let tokens = await this.logIn(login)
    return this.client({
      token: () => tokens.accessToken,
      onTokenRefused: async () => {
        tokens = await tokenEndpoints.refresh({ body: { refreshToken: tokens.refreshToken } })
        return tokens.accessToken
      },
    })
  }
}
