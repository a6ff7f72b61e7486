/** Access: what callers may do, by roles, scopes, permissions and policies; denied unless something says otherwise. */
import { configure, EndpointVisibility, when, type SettingsOf } from 'tenon'
import { Module, type ConfiguredModule } from 'tenon/decorators'

import { AccessConfig } from './access-config.ts'
import { Access } from './access.ts'
import { AccessCommands } from './commands/access-commands.ts'
import { AccessInterceptor } from './decisions/access-interceptor.ts'
import { AccessVisibility } from './decisions/access-visibility.ts'
import { ResourceInterceptor } from './decisions/resource-interceptor.ts'
import { MaskInterceptor } from './masks/mask-interceptor.ts'
import type { RoleDeclaration } from './roles/role-book.ts'
import { decidedEndpoints } from './rules/decided-endpoints.ts'
import { knownRoles } from './rules/known-roles.ts'
import { knownActions } from './rules/known-actions.ts'
import { translatablePolicies } from './rules/translatable-policies.ts'

type AccessSettings<R extends string> = Omit<Partial<AccessConfig>, 'roles'> & {
  readonly roles?: Readonly<Record<R, RoleDeclaration<NoInfer<R>>>>
}

@Module({
  providers: [
    Access,
    AccessCommands,
    { provide: EndpointVisibility, useClass: AccessVisibility, when: when.missing(EndpointVisibility) },
  ],
  interceptors: [AccessInterceptor, ResourceInterceptor, MaskInterceptor],
  rules: [decidedEndpoints, knownRoles, knownActions, translatablePolicies],
})
export class AccessModule {
  /** @example `AccessModule.with({ roles: { admin: { includes: ['agent'] }, agent: { permissions: ['tickets:read'] } } })` */
  static with<const R extends string>(settings: AccessSettings<R>): ConfiguredModule {
    return configure(AccessModule, AccessConfig, settings as SettingsOf<AccessConfig>)
  }
}
