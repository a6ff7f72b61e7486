/** Decides on every endpoint, by what its decorators say of the caller; what says nothing is closed. */
import {
  describeEndpoint,
  describeProblem,
  type CallContext,
  type Contribution,
  type Endpoint,
  type EndpointInterceptor,
  type InterceptorDescription,
  ModuleGraph,
} from 'tenon'
import { Interceptor } from 'tenon/decorators'

import { AccessRefused } from '../access-errors.ts'
import { Access } from '../access.ts'
import { compileCaller, type CallerTest } from '../conditions/compile-caller.ts'
import { all, FALSE, literalsOf, type Formula } from '../conditions/formula.ts'
import { printBriefly, printFormula } from '../conditions/print-formula.ts'
import { residual } from '../conditions/residual.ts'
import { ACCESS_OF_CALL } from '../policy/filter-rows.ts'
import { policiesOf } from '../rules/policies-of.ts'
import { decisionOf, type EndpointDecision } from './endpoint-decision.ts'

@Interceptor({ phase: 'authorize' })
export class AccessInterceptor implements EndpointInterceptor {
  readonly #access: Access
  /** Whether repositories ask who calls. */
  readonly #filters: boolean

  constructor(access: Access, graph: ModuleGraph) {
    this.#access = access
    this.#filters = policiesOf(graph).some(({ filter }) => filter)
  }

  forEndpoint(endpoint: Endpoint): Contribution | undefined {
    const decision = decisionOf(endpoint)
    const test = decision ? this.#testOf(decision) : undecided(endpoint)
    const refuse = (context: CallContext): never => this.#refuse(context, decision)
    if (!this.#filters) return test && { before: (context) => void (test(context.principal) || refuse(context)) }
    return {
      before: (context) => {
        context.set(ACCESS_OF_CALL, this.#access)
        if (test && !test(context.principal)) refuse(context)
      },
    }
  }

  describe(endpoint: Endpoint): InterceptorDescription {
    const decision = decisionOf(endpoint)
    if (!decision) return { access: endpoint.transport === 'command' ? 'whoever sits at the machine' : 'nobody' }
    if (decision.open) return { access: '' }
    const { demands, resources } = decision
    const actions = resources.map(({ policy, action }) => `may ${action} ${policy.entity.name}`)
    const isAnybody = demands.kind === 'all' && demands.of.length === 0
    const asked = [...(isAnybody ? [] : [printFormula(demands)]), ...actions]
    const brief = resources.map(({ policy, action }) => `${action} ${policy.entity.name}`)
    return {
      access: [...(isAnybody ? [] : [printBriefly(demands)]), ...brief].join(', '),
      does: `needs a caller who ${asked.join(' and ')}`,
      scopes: literalsOf(demands).flatMap(({ atom, negated }) =>
        atom.kind === 'scope' && !negated ? [atom.name] : [],
      ),
      problems: [describeProblem(AccessRefused, `the caller is not one who ${asked.join(' and ')}`)],
    }
  }

  /** Nothing to test for what is open to all. */
  #testOf({ open, caller, resources }: EndpointDecision): CallerTest | undefined {
    if (open) return undefined
    const { roles } = this.#access
    const test = compileCaller(caller, roles)
    if (resources.length === 0) return test
    const formulas = resources.map(({ policy, action }) => policy.formula(action))
    return (principal) => test(principal) && formulas.every((each) => residual(each, principal, roles) !== FALSE)
  }

  #refuse({ endpoint, principal }: CallContext, decision: EndpointDecision | undefined): never {
    const formula: Formula = decision
      ? all([decision.caller, ...decision.resources.map(({ policy, action }) => policy.formula(action))])
      : { ...FALSE, origin: { name: `the missing access decision of ${endpoint.name}`, at: endpoint.at } }
    const facts = { caller: principal, row: undefined, roles: this.#access.roles }
    const policy = decision?.resources[0]?.policy
    throw this.#access.refusal(
      this.#access.explainFormula(describeEndpoint(endpoint), formula, facts, policy),
      principal,
    )
  }
}

/** Nobody may call it; of commands, nobody but the one who sits at the machine. */
function undecided({ transport }: Endpoint): CallerTest {
  return transport === 'command' ? (caller) => caller?.kind === 'operator' : () => false
}
