/** The desk as the identity provider of another application; loaded only where DESK_IDENTITY_PROVIDER asks for it. */
import { Module } from 'tenon'
import { OidcProviderModule } from 'tenon/oidc'

import { ProviderConfig } from './provider-config.ts'

@Module({
  imports: [
    OidcProviderModule.with(async (resolve) => {
      const { clientId: id, clientSecret: secret, redirectUris } = await resolve(ProviderConfig)
      // The page knows passkeys and second factors.
      return { clients: [{ id, redirectUris, ...(secret !== undefined && { secret }) }], loginPath: '/' }
    }),
  ],
  providers: [ProviderConfig],
})
export class IdentityProviderModule {}
