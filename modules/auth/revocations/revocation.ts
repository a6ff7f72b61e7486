/** One thing that counts no more, until everything it speaks of has expired anyway. */
import { Entity, Index, PrimaryColumn } from 'tenon/data'

import { MomentColumn } from '../moment-column.ts'

@Entity('auth_revocations')
export class Revocation {
  /** Hash of kind and subject. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  readonly id!: string

  /** Credentials issued until then are revoked. */
  @MomentColumn()
  readonly issuedUntil!: number

  @Index('IDX_auth_revocations_expiresAt')
  @MomentColumn()
  readonly expiresAt!: number

  @Index('IDX_auth_revocations_changedAt')
  @MomentColumn()
  readonly changedAt!: number
}
