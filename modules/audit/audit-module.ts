/** Audit: security events of the application, appended to a chain in its database. */
import { configure, type SettingsOf } from 'tenon'
import { DataModule } from 'tenon/data'
import { Module, type ConfiguredModule } from 'tenon/decorators'

import { AuditChain } from './audit-chain.ts'
import { AuditCommands } from './audit-commands.ts'
import { AuditConfig } from './audit-config.ts'
import { AuditEntry, AuditHead } from './audit-entry.ts'
import { AuditLog } from './audit-log.ts'
import { AuditEntries1784000100000 } from './audit-migration.ts'
import { AuditVerifier } from './audit-verifier.ts'

@Module({
  imports: [DataModule],
  entities: [AuditEntry, AuditHead],
  migrations: [AuditEntries1784000100000],
  providers: [AuditChain, AuditLog, AuditVerifier, AuditCommands],
  internal: [AuditChain, AuditCommands],
})
export class AuditModule {
  /** @example `AuditModule.with({ flushMs: 50 })` */
  static with(settings: SettingsOf<AuditConfig>): ConfiguredModule {
    return configure(AuditModule, AuditConfig, settings)
  }
}
