/** Somebody at an issuer, and whose account that is here. */
import { Column, Entity, Index, PrimaryColumn } from 'tenon/data'

import { MomentColumn } from '../moment-column.ts'

@Entity('oidc_identities')
export class LinkedIdentity {
  /** SHA-256 of issuer and subject: databases that do not tell `Ada` from `ada` must not take one for the other. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  readonly id!: string

  @Index()
  @Column({ type: 'varchar', length: 36 })
  readonly accountId!: string

  /** The issuer identifier. */
  @Column({ type: 'varchar', length: 255 })
  readonly issuer!: string

  @Column({ type: 'varchar', length: 255 })
  readonly subject!: string

  /** The address it had at its last login, for people to recognize it. */
  @Column({ type: 'varchar', length: 254, nullable: true })
  email!: string | null

  @MomentColumn()
  readonly linkedAt!: number

  @MomentColumn()
  lastLoginAt!: number
}
