/** Finds out who calls, by the first scheme for which the call carries a credential. */
import {
  Clock,
  describeProblem,
  securityEvents,
  TenonError,
  type CallContext,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
  type InterceptorDescription,
} from 'tenon'
import { AUTHENTICATED, AUTHORIZED, InjectAll, Interceptor, PUBLIC, ROLES, SCOPES } from 'tenon/decorators'

import { AuthenticationRequired } from './auth-errors.ts'
import { AuthenticationScheme } from './authentication-scheme.ts'

@Interceptor({ phase: 'authenticate' })
export class AuthenticationInterceptor implements EndpointInterceptor {
  readonly #schemes: readonly AuthenticationScheme[]
  readonly #clock: Clock

  constructor(@InjectAll(AuthenticationScheme) schemes: readonly AuthenticationScheme[], clock: Clock) {
    this.#schemes = schemes
    this.#clock = clock
  }

  /** What is public runs without: nobody needs to be known there. */
  forEndpoint(endpoint: Endpoint): Contribution | undefined {
    if (endpoint.read(PUBLIC)) return undefined
    const schemes = this.#schemesOf(endpoint)
    const challenge = challengeOf(schemes)
    return { before: (context) => authenticate(context, schemes, challenge, this.#clock) }
  }

  describe(endpoint: Endpoint): InterceptorDescription {
    const schemes = this.#schemesOf(endpoint)
    const challenge = challengeOf(schemes)
    const required = describeProblem(AuthenticationRequired, 'the call carries no credential', {
      ...(challenge !== '' && { 'www-authenticate': `Which credentials are taken: ${challenge} (RFC 9110 §11.6.1).` }),
    })
    return {
      access: briefly(endpoint),
      does: `needs a caller, known by ${schemes.map(({ name }) => name).join(' or ')}`,
      security: schemes.map(({ name, document }) => [{ name, scheme: document }]),
      problems: [required, ...schemes.flatMap(({ problems }) => problems)],
    }
  }

  #schemesOf(endpoint: Endpoint): readonly AuthenticationScheme[] {
    const wanted = endpoint.read(AUTHENTICATED)?.schemes ?? []
    return wanted.length === 0 ? this.#schemes : this.#schemes.filter(({ name }) => wanted.includes(name))
  }
}

/** Empty for schemes that browsers answer by themselves. */
function challengeOf(schemes: readonly AuthenticationScheme[]): string {
  return schemes.flatMap((scheme) => scheme.challenge ?? []).join(', ')
}

/** Whoever asks for more than a known caller says so in other words. */
function briefly(endpoint: Endpoint): string {
  if ([ROLES, SCOPES, AUTHORIZED].some((key) => endpoint.read(key as typeof ROLES) !== undefined)) return ''
  return ['authenticated', endpoint.read(AUTHENTICATED)?.schemes.join(' or ')].filter(Boolean).join(' by ')
}

/** Stays synchronous as long as the schemes do. */
function authenticate(
  context: CallContext,
  schemes: readonly AuthenticationScheme[],
  challenge: string,
  clock: Clock,
): void | Promise<void> {
  // Somebody before may know the caller already: tests do.
  if (context.principal) return undefined
  for (let index = 0; index < schemes.length; index += 1) {
    const found = ask(schemes[index]!, context, clock)
    if (found === undefined) continue
    if (found instanceof Promise) {
      return found.then((caller) => {
        if (!caller) return authenticate(context, schemes.slice(index + 1), challenge, clock)
        context.principal = caller
        return undefined
      })
    }
    context.principal = found
    return undefined
  }
  throw new AuthenticationRequired(challenge)
}

function ask(scheme: AuthenticationScheme, context: CallContext, clock: Clock): ReturnType<typeof scheme.authenticate> {
  try {
    const found = scheme.authenticate(context)
    return found instanceof Promise ? found.catch((error: unknown) => refuse(error, scheme, clock)) : found
  } catch (error) {
    return refuse(error, scheme, clock)
  }
}

/** A credential that does not hold is told to those who watch. */
function refuse(error: unknown, { name }: AuthenticationScheme, clock: Clock): never {
  if (error instanceof TenonError && error.status === 401) {
    const details = { scheme: name }
    securityEvents.publish({
      type: 'auth.refused',
      outcome: 'refused',
      reason: error.code,
      at: clock.epochMs(),
      details,
    })
  }
  throw error
}
