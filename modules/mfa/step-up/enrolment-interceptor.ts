/** Roles that must have a second factor: without one, a login reaches nothing but where it is set up. */
import {
  Clock,
  describeProblem,
  securityEvents,
  type CallContext,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
  type InterceptorDescription,
} from 'tenon'
import { Interceptor, PUBLIC } from 'tenon/decorators'

import { MfaConfig } from '../mfa-config.ts'
import { EnrolmentRequired } from '../mfa-errors.ts'
import { MfaPaths } from '../mfa-paths.ts'
import { hasPassedMfa, isProgram } from './proven.ts'

/** Before roles and policies: what is missing is told whatever is asked for. */
const BEFORE_ACCESS = -10

@Interceptor({ phase: 'authorize', order: BEFORE_ACCESS })
export class EnrolmentInterceptor implements EndpointInterceptor {
  readonly #roles: ReadonlySet<string>
  readonly #paths: MfaPaths
  readonly #clock: Clock

  constructor({ requiredFor }: MfaConfig, paths: MfaPaths, clock: Clock) {
    this.#roles = new Set(requiredFor)
    this.#paths = paths
    this.#clock = clock
  }

  /** Where no role is named, nothing runs. */
  forEndpoint(endpoint: Endpoint): Contribution | undefined {
    if (this.#roles.size === 0 || endpoint.read(PUBLIC)) return undefined
    return { before: (context) => this.#check(context) }
  }

  describe(): InterceptorDescription {
    return {
      access: '',
      does: `needs a login with a second factor of callers with the role ${[...this.#roles].join(' or ')}`,
      problems: [describeProblem(EnrolmentRequired, 'the role of the caller needs a second factor that is missing')],
    }
  }

  #check({ principal, endpoint }: CallContext): void {
    // Whoever acts in the name of somebody brings what that one has proved, and no more.
    if (!principal || isProgram(principal) || hasPassedMfa(principal)) return
    if (!principal.roles?.some((role) => this.#roles.has(role))) return
    securityEvents.publish({
      type: 'mfa.enrolment',
      outcome: 'refused',
      subject: endpoint.name,
      reason: EnrolmentRequired.code,
      at: this.#clock.epochMs(),
    })
    throw new EnrolmentRequired({ enrol: this.#paths.enrol, challenge: this.#paths.stepUp })
  }
}
