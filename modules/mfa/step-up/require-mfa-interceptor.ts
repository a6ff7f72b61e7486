/** `@RequireMfa`: looks at what the caller has proved, and says where to prove more. Asks nobody, so it waits for nothing. */
import {
  Clock,
  describeProblem,
  readDuration,
  securityEvents,
  type CallContext,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
  type InterceptorDescription,
} from 'tenon'
import { Interceptor, REQUIRE_MFA, SECOND_FACTORS, type MfaRequirement } from 'tenon/decorators'

import { ProgramRefused, StepUpRequired } from '../mfa-errors.ts'
import { MfaPaths } from '../mfa-paths.ts'
import { ANY_SECOND_FACTOR, hasProved, isLoggedIn } from './proven.ts'

/** After roles and policies: who may not call at all is not asked for anything. */
const AFTER_ACCESS = 10

@Interceptor({ phase: 'authorize', order: AFTER_ACCESS, on: 'all', enforces: [REQUIRE_MFA as never] })
export class RequireMfaInterceptor implements EndpointInterceptor {
  readonly #paths: MfaPaths
  readonly #clock: Clock

  constructor(paths: MfaPaths, clock: Clock) {
    this.#paths = paths
    this.#clock = clock
  }

  forEndpoint(endpoint: Endpoint): Contribution | undefined {
    const requirement = endpoint.read(REQUIRE_MFA)
    if (!requirement) return undefined
    const { maxAgeMs, methods } = read(requirement)
    const counting = requirement.methods ? new Set<string>(methods) : ANY_SECOND_FACTOR
    return {
      before: (context) => {
        const { principal } = context
        // Whoever is at the machine's shell can do more than any command.
        if (principal?.kind === 'operator') return
        const since = maxAgeMs === undefined ? Number.NEGATIVE_INFINITY : this.#now - maxAgeMs
        if (!principal || !isLoggedIn(principal) || !hasProved(principal, counting, since))
          this.#refuse(context, methods, maxAgeMs)
      },
    }
  }

  describe(endpoint: Endpoint): InterceptorDescription | undefined {
    const requirement = endpoint.read(REQUIRE_MFA)
    if (!requirement) return undefined
    const { maxAgeMs, methods } = read(requirement)
    const age = maxAgeMs === undefined ? '' : ` proved in the last ${maxAgeMs / 1000} seconds`
    return {
      access: `second factor${age}`,
      does: `needs a second factor (${methods.join(', ')})${age}`,
      problems: [
        describeProblem(StepUpRequired, 'no second factor was proved, or too long ago', {
          'www-authenticate': 'For tokens: `insufficient_user_authentication`, with `max_age` (RFC 9470).',
        }),
        describeProblem(ProgramRefused, 'the caller is a program'),
      ],
    }
  }

  #refuse({ principal, endpoint }: CallContext, methods: readonly string[], maxAgeMs: number | undefined): never {
    const reason = principal && !isLoggedIn(principal) ? ProgramRefused.code : StepUpRequired.code
    securityEvents.publish({
      type: 'mfa.step-up',
      outcome: 'refused',
      subject: endpoint.name,
      reason,
      at: this.#now,
    })
    if (reason === ProgramRefused.code) throw new ProgramRefused()
    throw new StepUpRequired({
      challenge: this.#paths.stepUp,
      methods,
      maxAgeSeconds: maxAgeMs === undefined ? undefined : Math.floor(maxAgeMs / 1000),
      isBearer: principal?.authentication?.scheme === 'bearer',
    })
  }

  get #now(): number {
    return this.#clock.epochMs()
  }
}

function read({ maxAge, methods = SECOND_FACTORS }: MfaRequirement): {
  readonly maxAgeMs: number | undefined
  readonly methods: readonly string[]
} {
  // The check refuses what is no duration; nothing is younger than none.
  return { maxAgeMs: maxAge === undefined ? undefined : (readDuration(maxAge) ?? 0), methods }
}
