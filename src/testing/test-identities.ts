/** Callers that need no credentials, in tests only: known by a ticket that nobody outside the test can guess. */
import { randomUUID } from 'node:crypto'

import { Injectable, Interceptor, Module } from '../../decorators/index.ts'
import type { Contribution, EndpointInterceptor } from '../pipeline/interceptor.ts'
import type { Principal } from '../pipeline/principal.ts'

@Injectable()
export class TestIdentities {
  static readonly header = 'x-test-identity'
  readonly #principals = new Map<string, Principal>()

  ticketFor(principal: Principal): string {
    const ticket = randomUUID()
    this.#principals.set(ticket, principal)
    return ticket
  }

  find(ticket: string): Principal | undefined {
    return this.#principals.get(ticket)
  }
}

/** Runs before every other authentication, which leaves a known caller alone. */
@Interceptor({ phase: 'authenticate', order: -1000 })
export class TestIdentityInterceptor implements EndpointInterceptor {
  readonly #identities: TestIdentities

  constructor(identities: TestIdentities) {
    this.#identities = identities
  }

  forEndpoint(): Contribution {
    return {
      before: (context) => {
        const ticket = context.header(TestIdentities.header)
        if (ticket) context.principal = this.#identities.find(ticket)
      },
    }
  }
}

@Module({ providers: [TestIdentities], interceptors: [TestIdentityInterceptor] })
export class TestIdentityModule {}
