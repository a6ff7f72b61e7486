/** A signing key in the database, where all processes find it. */
import { Column, Entity, Index, PrimaryColumn } from 'tenon/data'

import { MomentColumn } from '../moment-column.ts'
import type { SigningAlgorithm } from './signing-key.ts'

@Entity('auth_signing_keys')
export class StoredKey {
  /** RFC 7638 thumbprint of the public key. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  readonly id!: string

  /** Counts from 1: of two processes that make the next key at once, one succeeds. */
  @Index('UQ_auth_signing_keys_generation', { unique: true })
  @Column({ type: 'integer' })
  readonly generation!: number

  @Column({ type: 'varchar', length: 16 })
  readonly algorithm!: SigningAlgorithm

  /** JWK. */
  @Column({ type: 'text' })
  readonly publicKey!: string

  /** JWK, encrypted where there is an `AUTH_KEY_SECRET`. */
  @Column({ type: 'text' })
  readonly privateKey!: string

  @MomentColumn()
  readonly signsFrom!: number
}
