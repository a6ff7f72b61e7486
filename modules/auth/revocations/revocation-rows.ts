import { BaseRepository, Repository } from 'tenon/data'

import { Revocation } from './revocation.ts'

@Repository(Revocation)
export class RevocationRows extends BaseRepository<Revocation> {}
