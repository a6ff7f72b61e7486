/** Being the identity provider of other applications: OAuth 2.1 and OpenID Connect, for accounts of tenon/auth. */
import { configure, type SettingsOf } from 'tenon'
import { AccountServicesModule, KeySetsModule } from 'tenon/auth'
import { DataModule } from 'tenon/data'
import { Module, type Class, type ConfiguredModule } from 'tenon/decorators'

import { SessionCallerModule } from '../session-caller-module.ts'
import { AccountClaims } from './account-claims.ts'
import { CreateOidcRecords1797000000001 } from './create-oidc-records.ts'
import { Interactions } from './interactions.ts'
import { OidcClients } from './oidc-clients.ts'
import { OidcGrants } from './oidc-grants.ts'
import { OidcMount } from './oidc-mount.ts'
import { OidcProviderConfig } from './oidc-provider-config.ts'
import { OidcProvider } from './oidc-provider.ts'
import { OidcRecord } from './oidc-record.ts'
import { OidcRecordRows, OidcRecords } from './oidc-records.ts'
import { providerEndpoints } from './provider-endpoints.ts'

const PREFIX = '/oidc'

@Module(partsBelow(PREFIX))
export class OidcProviderModule {
  /**
   * @param prefix - Where it is: with the public address, it is the issuer that others know. Default: `/oidc`.
   * @example `OidcProviderModule.with({ clients: [{ id: 'wiki', redirectUris: ['https://wiki.acme.com/back'] }] })`
   */
  static with(settings: SettingsOf<OidcProviderConfig>, prefix: string = PREFIX): ConfiguredModule {
    return configure(prefix === PREFIX ? OidcProviderModule : moduleBelow(prefix), OidcProviderConfig, settings)
  }
}

function moduleBelow(prefix: string): Class {
  @Module(partsBelow(prefix))
  class OidcProviderModuleElsewhere {}
  return OidcProviderModuleElsewhere
}

function partsBelow(prefix: string) {
  return {
    imports: [AccountServicesModule, KeySetsModule, SessionCallerModule, DataModule],
    controllers: providerEndpoints(prefix),
    entities: [OidcRecord],
    migrations: [CreateOidcRecords1797000000001],
    providers: [
      { provide: OidcMount, useValue: new OidcMount(prefix) },
      OidcProvider,
      OidcClients,
      OidcGrants,
      OidcRecords,
      OidcRecordRows,
      Interactions,
      AccountClaims,
    ],
  }
}
