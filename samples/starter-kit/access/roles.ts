/** `@Roles(...)`: who may call an endpoint, and the interceptor that holds callers to it. */
import { createDecorator, Interceptor, PUBLIC, type Around, type Endpoint, type EndpointInterceptor } from 'tenon'

import { RoleMissing } from './access-errors.ts'
import { ROLES, type Caller, type Role } from './caller.ts'

/** The roles that may call; on a controller for all its endpoints. */
export const Roles = createDecorator('desk.roles', (...roles: readonly Role[]) => roles)

/** Everybody who is logged in. */
export const EVERYONE = ROLES

@Interceptor({ phase: 'authorize' })
export class RolesInterceptor implements EndpointInterceptor {
  /** An endpoint that is neither public nor names roles is closed to all. */
  forEndpoint(endpoint: Endpoint): Around | undefined {
    if (endpoint.read(PUBLIC)) return undefined
    const roles = endpoint.read(Roles) ?? []
    return (context, next) => {
      const caller = context.principal as Caller | undefined
      if (!caller || !roles.includes(caller.role)) throw new RoleMissing(roles)
      return next()
    }
  }
}
