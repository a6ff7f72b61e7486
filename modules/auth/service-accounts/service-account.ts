/** A program with an account of its own: it proves itself with a client secret and gets access tokens. */
import { Column, Entity, PrimaryColumn } from 'tenon/data'

import { MomentColumn } from '../moment-column.ts'

@Entity('auth_service_accounts')
export class ServiceAccount {
  /** The `client_id`, and the id of its principal. */
  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string

  @Column({ type: 'varchar', length: 120 })
  readonly name!: string

  /** SHA-256 of the client secret. */
  @Column({ type: 'varchar', length: 64 })
  readonly secretHash!: string

  /** The secret before, which holds for a while after a rotation. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  readonly formerSecretHash!: string | null

  @MomentColumn({ nullable: true })
  readonly formerSecretUntil!: number | null

  /** JSON. */
  @Column({ type: 'text' })
  readonly roles!: string

  /** JSON; none: not limited. */
  @Column({ type: 'text', nullable: true })
  readonly scopes!: string | null

  @Column({ type: 'varchar', length: 255, nullable: true })
  readonly tenant!: string | null

  /** It may exchange the token of a caller for one with which it acts in that caller's name. */
  @Column({ type: 'boolean' })
  readonly mayActForOthers!: boolean

  @MomentColumn()
  readonly createdAt!: number

  @MomentColumn({ nullable: true })
  readonly disabledAt!: number | null
}
