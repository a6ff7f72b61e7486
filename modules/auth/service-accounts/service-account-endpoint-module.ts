import { Module } from 'tenon/decorators'

import { grantEndpoint } from './grant-endpoint.ts'
import { ServiceAccountsModule } from './service-accounts-module.ts'

/** Service accounts that get their tokens at `/auth/token`. */
@Module({
  imports: [ServiceAccountsModule],
  controllers: [grantEndpoint('/auth/token')],
})
export class ServiceAccountEndpointModule {}
