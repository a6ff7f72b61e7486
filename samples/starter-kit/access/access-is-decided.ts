/** A rule of this application: it does not start with an endpoint of which nobody said who may call it. */
import { PUBLIC, type CheckRule, type Endpoint } from 'tenon'

import { AccessUndecided } from './access-errors.ts'
import { Roles } from './roles.ts'

export const accessIsDecided: CheckRule = ({ graph }) =>
  graph.endpoints.flatMap((endpoint) => {
    const found = undecided(endpoint)
    return found ? [AccessUndecided({ at: endpoint.at, path: [endpoint.name] }, endpoint.name, found)] : []
  })

function undecided(endpoint: Endpoint): string | undefined {
  const isPublic = endpoint.read(PUBLIC) !== undefined
  const hasRoles = endpoint.read(Roles) !== undefined
  if (isPublic !== hasRoles) return undefined
  return isPublic ? 'both @Public and @Roles' : 'neither @Public nor @Roles'
}
