/** Access tokens and refresh tokens: issued, verified, renewed and revoked. */
import { configure, type SettingsOf } from 'tenon'
import { DataModule } from 'tenon/data'
import { Module, type ConfiguredModule } from 'tenon/decorators'

import { AuthModule } from '../auth-module.ts'
import { AuthenticationScheme } from '../authentication-scheme.ts'
import { CreateAuthDpopProofs1783900800003 } from '../dpop/create-used-proofs.ts'
import { DpopProofs } from '../dpop/dpop-proofs.ts'
import { ProofNonces } from '../dpop/proof-nonces.ts'
import { UsedProof } from '../dpop/used-proof.ts'
import { UsedProofRows, UsedProofs } from '../dpop/used-proofs.ts'
import { KeySetsModule } from '../key-sets/key-sets-module.ts'
import { RevocationsModule } from '../revocations/revocations-module.ts'
import { AccessTokens } from './access-tokens.ts'
import { BearerScheme } from './bearer-scheme.ts'
import { CreateAuthRefreshTokens1783900800002 } from './create-refresh-tokens.ts'
import { RefreshRotation } from './refresh-rotation.ts'
import { RefreshTokenRows, TokenFamilyRows } from './refresh-token-rows.ts'
import { RefreshToken, TokenFamily } from './refresh-token.ts'
import { TokenIssuer } from './token-issuer.ts'
import { TokensConfig } from './tokens-config.ts'
import { TrustedIssuers } from './trusted-issuers.ts'

@Module({
  imports: [AuthModule, DataModule, KeySetsModule, RevocationsModule],
  providers: [
    AccessTokens,
    TokenIssuer,
    RefreshRotation,
    TrustedIssuers,
    DpopProofs,
    ProofNonces,
    UsedProofs,
    UsedProofRows,
    TokenFamilyRows,
    RefreshTokenRows,
    { provide: AuthenticationScheme, useClass: BearerScheme },
  ],
  internal: [
    TrustedIssuers,
    ProofNonces,
    UsedProofs,
    UsedProofRows,
    RefreshRotation,
    TokenFamilyRows,
    RefreshTokenRows,
  ],
  entities: [TokenFamily, RefreshToken, UsedProof],
  migrations: [CreateAuthRefreshTokens1783900800002, CreateAuthDpopProofs1783900800003],
})
export class TokensModule {
  /** @example `TokensModule.with({ issuer: 'https://api.example.com', accessTokenSeconds: 120 })` */
  static with(settings: SettingsOf<TokensConfig>): ConfiguredModule {
    return configure(TokensModule, TokensConfig, settings)
  }
}
