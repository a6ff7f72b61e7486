import { DataModule } from 'tenon/data'
import { Module } from 'tenon/decorators'

import { CreateAuthRevocations1783900800001 } from './create-revocations.ts'
import { RevocationRows } from './revocation-rows.ts'
import { Revocation } from './revocation.ts'
import { Revocations } from './revocations.ts'

/** What tokens and keys share: the list of those that count no more. */
@Module({
  imports: [DataModule],
  providers: [Revocations, RevocationRows],
  internal: [RevocationRows],
  entities: [Revocation],
  migrations: [CreateAuthRevocations1783900800001],
})
export class RevocationsModule {}
