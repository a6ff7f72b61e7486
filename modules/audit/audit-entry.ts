/** The rows of the audit log: its entries, and the end of the chain. */
import { Column, Entity, PrimaryColumn } from 'tenon/data'

@Entity('audit_entry')
export class AuditEntry {
  /** 1, 2, 3, …: without gaps, or something is missing. */
  @PrimaryColumn({ type: 'bigint' })
  readonly seq!: string | number

  /** Milliseconds since the epoch, as whoever told the event said. */
  @Column({ type: 'bigint' })
  readonly at!: string | number

  @Column({ type: 'varchar', length: 100 })
  readonly type!: string

  @Column({ type: 'varchar', length: 16 })
  readonly outcome!: string

  /** Who did it. */
  @Column({ type: 'varchar', length: 200, nullable: true })
  readonly principal!: string | null

  /** Who acted in the name of the principal. */
  @Column({ type: 'varchar', length: 200, nullable: true })
  readonly actor!: string | null

  @Column({ type: 'varchar', length: 200, nullable: true })
  readonly tenant!: string | null

  @Column({ type: 'varchar', length: 400, nullable: true })
  readonly subject!: string | null

  @Column({ type: 'varchar', length: 400, nullable: true })
  readonly reason!: string | null

  /** The call it happened in. */
  @Column({ name: 'call_id', type: 'varchar', length: 200, nullable: true })
  readonly callId!: string | null

  @Column({ type: 'varchar', length: 64, nullable: true })
  readonly address!: string | null

  /** JSON. */
  @Column({ type: 'text', nullable: true })
  readonly details!: string | null

  /** Over this entry and the hash of the one before. */
  @Column({ type: 'varchar', length: 64 })
  readonly hash!: string
}

/** One row: whoever appends holds it for the moment. */
@Entity('audit_head')
export class AuditHead {
  @PrimaryColumn({ type: 'integer' })
  readonly id!: number

  /** Of the last entry; 0 before the first one. */
  @Column({ type: 'bigint' })
  readonly seq!: string | number

  @Column({ type: 'varchar', length: 64 })
  readonly hash!: string
}
