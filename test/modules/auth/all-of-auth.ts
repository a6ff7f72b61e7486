import { Module } from 'tenon'
import { ApiKeysModule, ServiceAccountEndpointModule, TokenEndpointsModule } from 'tenon/auth'

/** Every credential there is. */
@Module({ imports: [TokenEndpointsModule, ApiKeysModule, ServiceAccountEndpointModule] })
export class AllOfAuth {}
