/** Hides fields of rows in whatever an endpoint answers, before it is reduced to its declared model. */
import {
  ModuleGraph,
  type CallContext,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
  type InterceptorDescription,
} from 'tenon'
import { Interceptor } from 'tenon/decorators'

import { Access } from '../access.ts'
import { policiesOf } from '../rules/policies-of.ts'
import { RowFacts } from '../rows/row-facts.ts'
import { maskResult } from './mask-result.ts'
import { maskRow } from './mask-row.ts'

/** Commands answer to the operator of the machine, who can read the database as well. */
@Interceptor({ phase: 'authorize' })
export class MaskInterceptor implements EndpointInterceptor {
  readonly #access: Access
  readonly #isNeeded: boolean

  constructor(access: Access, graph: ModuleGraph) {
    this.#access = access
    this.#isNeeded = policiesOf(graph).some((policy) => policy.hasFieldRules('read'))
  }

  forEndpoint({ transport, route }: Endpoint): Contribution | undefined {
    if (!this.#isNeeded || transport === 'command') return undefined
    const isStream = route?.sse === true
    return { result: (result, context) => (isStream ? this.#each(result, context) : this.#mask(result, context)) }
  }

  describe(): InterceptorDescription {
    return { does: 'leaves fields out that the caller may not read', access: '' }
  }

  #mask(result: unknown, { principal }: CallContext): unknown {
    if (typeof result !== 'object' || result === null) return result
    const { roles, rowDatabase } = this.#access
    const facts = new RowFacts(rowDatabase)
    return maskResult(result, (row, policy) => {
      const metadata = rowDatabase.metadata(policy.entity)
      return maskRow(row, { policy, action: 'read', caller: principal, roles, facts, metadata })
    })
  }

  async *#each(events: unknown, context: CallContext): AsyncGenerator<unknown, void, undefined> {
    for await (const event of events as AsyncIterable<unknown>) yield await this.#mask(event, context)
  }
}
