/** Keeps the changes of `@Audited` entities. */
import { Module } from 'tenon/decorators'

import { DataModule } from '../data-module.ts'
import { CreateDataHistory1783500000000 } from './create-history.ts'
import { EntityChange } from './entity-change.ts'
import { History } from './history.ts'

@Module({
  imports: [DataModule],
  providers: [History],
  entities: [EntityChange],
  migrations: [CreateDataHistory1783500000000],
})
export class HistoryModule {}
