/** The policies of a program: of its entities, and of its endpoints. */
import type { ModuleGraph } from 'tenon'
import { AUTHORIZED, REPOSITORY } from 'tenon/decorators'

import { policyOf, ResourcePolicy } from '../policy/resource-policy.ts'

export function policiesOf(graph: ModuleGraph): readonly ResourcePolicy[] {
  const listed = graph.modules.flatMap(({ options }) => options.entities ?? [])
  const repositories = graph.providers.flatMap(({ implementation }) => {
    const entity = implementation && REPOSITORY.read(implementation)
    return entity ? [entity] : []
  })
  const ofEntities = [...listed, ...repositories].flatMap((entity) => policyOf(entity) ?? [])
  const ofEndpoints = graph.endpoints.flatMap((endpoint) =>
    (endpoint.read(AUTHORIZED) ?? []).flatMap((fact) =>
      'policy' in fact && fact.policy instanceof ResourcePolicy ? [fact.policy] : [],
    ),
  )
  return [...new Set([...ofEntities, ...ofEndpoints])]
}
