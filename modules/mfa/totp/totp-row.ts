/** The authenticator app of an account, as a row. */
import { MomentColumn } from 'tenon/auth'
import { Column, Entity, PrimaryColumn } from 'tenon/data'

@Entity('mfa_totp')
export class Totp {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly accountId!: string

  /** Encrypted; `null` until the first code has confirmed it. */
  @Column({ type: 'text', nullable: true })
  readonly secret!: string | null

  /** The latest step of 30 seconds whose code was used. */
  @MomentColumn()
  readonly lastStep!: number

  @MomentColumn({ nullable: true })
  readonly confirmedAt!: number | null

  /** Encrypted; waits for its first code, and counts for nothing until then. */
  @Column({ type: 'text', nullable: true })
  readonly pendingSecret!: string | null

  @MomentColumn({ nullable: true })
  readonly pendingUntil!: number | null
}
