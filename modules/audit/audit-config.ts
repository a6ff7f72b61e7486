/** What may be chosen about the audit log. */
import { Config, Env } from 'tenon/decorators'

@Config('audit')
export class AuditConfig {
  /** Makes the hashes of the chain: who writes to the database without it cannot make others. At least 32 characters. */
  @Env('AUDIT_SECRET', { optional: true, secret: true, description: 'Keys the chain, at least 32 characters' })
  readonly secret?: string

  /** Longest time that an entry waits to be written, in milliseconds: what a process that is killed may lose. */
  @Env('AUDIT_FLUSH_MS', { default: 200, min: 0, description: 'Longest time that an entry waits to be written' })
  readonly flushMs!: number

  /** Entries that wait for a database that is away; those beyond are written to the application's log. */
  @Env('AUDIT_MAX_WAITING', { default: 10_000, min: 1, description: 'Entries that wait while the database is away' })
  readonly maxWaiting!: number

  /** Longest time that stopping waits for the last entries to be written, in milliseconds. */
  @Env('AUDIT_STOP_MS', { default: 5000, min: 0, description: 'Longest wait for the last entries when stopping' })
  readonly stopMs!: number
}
