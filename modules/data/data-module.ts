/** Data: one database for the application, repositories, and the unit of work that they share. */
import { configure, Sandbox, type SettingsOf } from 'tenon'
import { Module, type ConfiguredModule } from 'tenon/decorators'

import { historyIsKept } from './audit/history-is-kept.ts'
import { DatabaseConfig } from './database-config.ts'
import { DatabaseCommands } from './database-commands.ts'
import { Database } from './database.ts'
import { Migrations } from './migrations/migrations.ts'
import { ModelHomes } from './models/model-homes.ts'
import { RepeatedReadsInterceptor } from './repeated-reads/repeated-reads-interceptor.ts'
import { ReplicaInterceptor } from './replicas/replica-interceptor.ts'
import { knownSources, relationsWithinSources } from './sources/known-sources.ts'
import { Seeders } from './seeding/seeders.ts'
import { RollbackSandbox } from './transactions/rollback-sandbox.ts'
import { TransactionInterceptor } from './transactions/transaction-interceptor.ts'
import { PoolGauges } from './pool-gauges.ts'
import { UnitOfWork } from './unit-of-work.ts'

@Module({
  providers: [
    Database,
    UnitOfWork,
    Migrations,
    ModelHomes,
    Seeders,
    DatabaseCommands,
    PoolGauges,
    { provide: Sandbox, useClass: RollbackSandbox },
  ],
  rules: [historyIsKept, knownSources, relationsWithinSources],
  interceptors: [RepeatedReadsInterceptor, TransactionInterceptor, ReplicaInterceptor],
})
export class DataModule {
  /** @example `DataModule.with({ migrations: [CreateTickets1751328000000] })` */
  static with(settings: SettingsOf<DatabaseConfig>): ConfiguredModule {
    return configure(DataModule, DatabaseConfig, settings)
  }
}
