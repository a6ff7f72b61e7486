/** Every endpoint, of every transport, says who may call it, and says one thing. */
import type { CheckRule, Diagnostic } from 'tenon'

import { DecisionMissing, DecisionsContradictory, ResourceParameterUnknown } from '../access-diagnostics.ts'
import { decisionOf } from '../decisions/endpoint-decision.ts'

export const decidedEndpoints: CheckRule = ({ graph }) =>
  graph.endpoints.flatMap((endpoint): readonly Diagnostic[] => {
    const decision = decisionOf(endpoint)
    if (!decision) {
      // Whoever is at the machine's shell can do more than any command.
      return endpoint.transport === 'command' ? [] : [DecisionMissing({ at: endpoint.at }, endpoint.name)]
    }
    const other = decision.parts.find(({ name }) => name !== '@Public')
    const contradiction =
      decision.open && other ? [DecisionsContradictory({ at: other.at }, endpoint.name, other.name)] : []
    const unknown = decision.resources.flatMap(({ resource: { by }, at }) =>
      by === undefined || endpoint.parameters.some(({ source }) => source && 'name' in source && source.name === by)
        ? []
        : [ResourceParameterUnknown({ at }, endpoint.name, by)],
    )
    return [...contradiction, ...unknown]
  })
