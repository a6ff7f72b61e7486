/** A session as a row. */
import { Column, Entity, Index, PrimaryColumn } from 'tenon/data'

import { MomentColumn } from '../moment-column.ts'

@Entity('auth_sessions')
export class StoredSession {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string

  @Index({ unique: true })
  @Column({ type: 'varchar', length: 64 })
  readonly secretHash!: string

  @Index()
  @Column({ type: 'varchar', length: 36 })
  readonly accountId!: string

  @MomentColumn()
  readonly createdAt!: number

  @MomentColumn()
  readonly lastSeenAt!: number

  @Index()
  @MomentColumn()
  readonly expiresAt!: number

  /** JSON. */
  @Column({ type: 'text' })
  readonly factors!: string

  @Column({ type: 'varchar', length: 45 })
  readonly address!: string

  @Column({ type: 'varchar', length: 200 })
  readonly agent!: string

  /** JSON. */
  @Column({ type: 'text' })
  readonly data!: string
}
