/** A recovery code that was not used yet, as it is kept: the code itself is known to nobody but its owner. */
import { MomentColumn } from 'tenon/auth'
import { Column, Entity, Index, PrimaryColumn } from 'tenon/data'

@Entity('mfa_recovery_codes')
export class RecoveryCode {
  /** SHA-256 of account and code. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  readonly id!: string

  @Index()
  @Column({ type: 'varchar', length: 36 })
  readonly accountId!: string

  @MomentColumn()
  readonly createdAt!: number
}
