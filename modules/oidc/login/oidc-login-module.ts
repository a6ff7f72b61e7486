/** "Log in with": any issuer of OpenID Connect, for accounts of tenon/auth. */
import { configure, type SettingsOf } from 'tenon'
import { AccountServicesModule } from 'tenon/auth'
import { DataModule } from 'tenon/data'
import { Module, type Class, type ConfiguredModule } from 'tenon/decorators'
import { SecurityModule } from 'tenon/security'

import { SessionCallerModule } from '../session-caller-module.ts'
import { AccountLinks } from './account-links.ts'
import { AccountMatching } from './account-matching.ts'
import { BackChannel } from './back-channel.ts'
import { CreateOidcLogin1797000000000 } from './create-oidc-login.ts'
import { IdentityLinks } from './identity-links.ts'
import { LinkedIdentity } from './linked-identity.ts'
import { LoginCookies } from './login-cookies.ts'
import { loginEndpoints } from './login-endpoints.ts'
import { LinkedIdentities, UsedStateRows } from './login-rows.ts'
import { OidcIssuers } from './oidc-issuers.ts'
import { OidcLoginConfig } from './oidc-login-config.ts'
import { OidcLogins } from './oidc-logins.ts'
import { ReturnTargets } from './return-targets.ts'
import { UsedState } from './used-state.ts'
import { UsedStates } from './used-states.ts'

/** Everything but the endpoints, for applications that write their own. */
@Module({
  imports: [AccountServicesModule, SessionCallerModule, DataModule, SecurityModule],
  entities: [LinkedIdentity, UsedState],
  migrations: [CreateOidcLogin1797000000000],
  providers: [
    OidcLogins,
    OidcIssuers,
    IdentityLinks,
    AccountLinks,
    AccountMatching,
    BackChannel,
    LoginCookies,
    ReturnTargets,
    UsedStates,
    UsedStateRows,
    LinkedIdentities,
  ],
  internal: [AccountMatching, BackChannel, ReturnTargets, UsedStates, UsedStateRows, LinkedIdentities],
})
export class OidcLoginServicesModule {}

const PREFIX = '/auth/oidc'

@Module({ imports: [OidcLoginServicesModule], controllers: loginEndpoints(PREFIX) })
export class OidcLoginModule {
  /**
   * @param prefix - Where the endpoints are.
   * @example `OidcLoginModule.with({ issuers: [{ name: 'acme', issuer: 'https://id.acme.com', clientId: 'desk' }] })`
   */
  static with(settings: SettingsOf<OidcLoginConfig>, prefix: string = PREFIX): ConfiguredModule {
    return configure(prefix === PREFIX ? OidcLoginModule : endpointsBelow(prefix), OidcLoginConfig, settings)
  }
}

function endpointsBelow(prefix: string): Class {
  @Module({ imports: [OidcLoginServicesModule], controllers: loginEndpoints(prefix) })
  class OidcLoginModuleElsewhere {}
  return OidcLoginModuleElsewhere
}
