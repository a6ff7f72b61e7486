import { Module } from 'tenon/decorators'

import { tokenEndpoints } from './token-endpoints.ts'
import { TokensModule } from './tokens-module.ts'

/** Tokens with their endpoints at `/auth/token`. */
@Module({
  imports: [TokensModule],
  controllers: [tokenEndpoints('/auth/token')],
})
export class TokenEndpointsModule {}
