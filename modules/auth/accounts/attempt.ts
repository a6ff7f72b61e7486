/** How often something was tried lately, as a row: shared by all processes, and there after a restart. */
import { Column, Entity, Index, PrimaryColumn } from 'tenon/data'

import { MomentColumn } from '../moment-column.ts'

@Entity('auth_attempts')
export class Attempt {
  /** SHA-256 of what is counted: addresses and e-mails are not kept. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  readonly id!: string

  @Column({ type: 'integer' })
  readonly count!: number

  @MomentColumn()
  readonly blockedUntil!: number

  @Index()
  @MomentColumn()
  readonly forgetAt!: number
}
