/** Somebody who was asked to join, as a row. There is no account before the mailbox has accepted. */
import { Column, Entity, Index, PrimaryColumn } from 'tenon/data'

import { MomentColumn } from '../moment-column.ts'

@Entity('auth_invitations')
export class InvitationRow {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string

  @Index()
  @Column({ type: 'varchar', length: 254 })
  readonly email!: string

  @Column({ type: 'simple-json' })
  readonly roles!: string[]

  @Index()
  @Column({ type: 'varchar', length: 64, nullable: true })
  readonly tenant!: string | null

  @Column({ type: 'simple-json' })
  readonly profile!: Record<string, unknown>

  @MomentColumn()
  readonly createdAt!: number

  @Index()
  @MomentColumn()
  readonly expiresAt!: number
}
