/** An action that no rule of the policy names is allowed to nobody: a slip of the pen. */
import { nearestName, type CheckRule } from 'tenon'

import { ActionUnknown } from '../access-diagnostics.ts'
import { decisionOf } from '../decisions/endpoint-decision.ts'

export const knownActions: CheckRule = ({ graph }) =>
  graph.endpoints.flatMap((endpoint) =>
    (decisionOf(endpoint)?.resources ?? []).flatMap(({ policy, action, at }) =>
      policy.actions.includes(action)
        ? []
        : [ActionUnknown({ at }, endpoint.name, action, policy.name, nearestName(action, policy.actions))],
    ),
  )
