import { BaseRepository, Repository } from 'tenon/data'

import { RefreshToken, TokenFamily } from './refresh-token.ts'

@Repository(TokenFamily)
export class TokenFamilyRows extends BaseRepository<TokenFamily> {}

@Repository(RefreshToken)
export class RefreshTokenRows extends BaseRepository<RefreshToken> {}
