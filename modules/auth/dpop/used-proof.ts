/** A proof that was used: it does not count again. */
import { Entity, Index, PrimaryColumn } from 'tenon/data'

import { MomentColumn } from '../moment-column.ts'

@Entity('auth_dpop_proofs')
export class UsedProof {
  /** Hash of the key and the proof's `jti`. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  readonly id!: string

  @Index('IDX_auth_dpop_proofs_expiresAt')
  @MomentColumn()
  readonly expiresAt!: number
}
