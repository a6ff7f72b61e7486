/** A browser that is not asked for the second factor, as a row. */
import { MomentColumn } from 'tenon/auth'
import { Column, Entity, Index, PrimaryColumn } from 'tenon/data'

@Entity('mfa_devices')
export class Device {
  /** Names it to its owner; it opens nothing. */
  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string

  @Index()
  @Column({ type: 'varchar', length: 36 })
  readonly accountId!: string

  /** SHA-256 of the secret in the cookie. */
  @Index({ unique: true })
  @Column({ type: 'varchar', length: 64 })
  readonly secretHash!: string

  @MomentColumn()
  readonly createdAt!: number

  @MomentColumn()
  readonly lastUsedAt!: number

  @Index()
  @MomentColumn()
  readonly expiresAt!: number

  @Column({ type: 'varchar', length: 45 })
  readonly address!: string

  @Column({ type: 'varchar', length: 200 })
  readonly agent!: string
}
