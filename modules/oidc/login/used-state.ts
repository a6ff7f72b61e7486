/** A login that has come back: its state counts no second time, whatever the browser has kept. */
import { Entity, Index, PrimaryColumn } from 'tenon/data'

import { MomentColumn } from '../moment-column.ts'

@Entity('oidc_used_states')
export class UsedState {
  /** SHA-256 of the state. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  readonly id!: string

  @Index()
  @MomentColumn()
  readonly expiresAt!: number
}
