/** Data: one database for the application, repositories, and the unit of work that they share. */
import { configure, type SettingsOf } from 'tenon'
import { Module, type ConfiguredModule } from 'tenon/decorators'

import { DatabaseConfig } from './database-config.ts'
import { Database } from './database.ts'
import { Migrations } from './migrations/migrations.ts'
import { TransactionInterceptor } from './transactions/transaction-interceptor.ts'
import { UnitOfWork } from './unit-of-work.ts'

@Module({
  providers: [Database, UnitOfWork, Migrations],
  interceptors: [TransactionInterceptor],
})
export class DataModule {
  /** @example `DataModule.with({ migrations: [CreateTickets1751328000000] })` */
  static with(settings: SettingsOf<DatabaseConfig>): ConfiguredModule {
    return configure(DataModule, DatabaseConfig, settings)
  }
}
