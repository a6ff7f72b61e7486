/** An API key: what a program calls with, in the name of its owner. */
import { Column, Entity, Index, PrimaryColumn } from 'tenon/data'

import { MomentColumn } from '../moment-column.ts'

@Entity('auth_api_keys')
export class ApiKey {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string

  /** SHA-256 of the secret. */
  @Index('UQ_auth_api_keys_hash', { unique: true })
  @Column({ type: 'varchar', length: 64 })
  readonly hash!: string

  /** How the secret begins, so that people know it again. */
  @Column({ type: 'varchar', length: 40 })
  readonly hint!: string

  @Column({ type: 'varchar', length: 120 })
  readonly name!: string

  @Index('IDX_auth_api_keys_principalId')
  @Column({ type: 'varchar', length: 255 })
  readonly principalId!: string

  /** The owner when the key was made, as JSON. */
  @Column({ type: 'text' })
  readonly principal!: string

  /** JSON; none: not limited. */
  @Column({ type: 'text', nullable: true })
  readonly scopes!: string | null

  @Column({ type: 'varchar', length: 255, nullable: true })
  readonly tenant!: string | null

  @MomentColumn()
  readonly createdAt!: number

  @MomentColumn({ nullable: true })
  readonly expiresAt!: number | null

  @MomentColumn({ nullable: true })
  readonly revokedAt!: number | null

  /** To the minute. */
  @MomentColumn({ nullable: true })
  readonly lastUsedAt!: number | null
}
