/** Rate limits that all processes with the same database count together. */
import { Column, DataModule, Entity, Index, PrimaryColumn } from 'tenon/data'
import { Module } from 'tenon/decorators'

import { RateLimitStore } from './rate-limit-store.ts'
import { SecurityRateLimits1784000000000 } from './sql-migration.ts'
import { SqlStore } from './sql-store.ts'

@Entity('security_rate_limit')
class RateLimitRow {
  /** A digest of the key. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  readonly id!: string

  /** Microseconds since the epoch. */
  @Index('security_rate_limit_full_at')
  @Column({ name: 'full_at', type: 'bigint' })
  readonly fullAt!: string
}

@Module({
  imports: [DataModule],
  entities: [RateLimitRow],
  migrations: [SecurityRateLimits1784000000000],
  providers: [{ provide: RateLimitStore, useClass: SqlStore }],
})
export class SqlLimitsModule {}
