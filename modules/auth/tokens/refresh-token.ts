/** A refresh token, and the login it descends from. */
import { Column, Entity, Index, PrimaryColumn } from 'tenon/data'

import { MomentColumn } from '../moment-column.ts'

/** All tokens of one login: of them, one refresh token can be used at a time. */
@Entity('auth_token_families')
export class TokenFamily {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string

  @Index('IDX_auth_token_families_principalId')
  @Column({ type: 'varchar', length: 255 })
  readonly principalId!: string

  /** Who logged in, as JSON. */
  @Column({ type: 'text' })
  readonly principal!: string

  @Column({ type: 'varchar', length: 255 })
  readonly audience!: string

  /** Thumbprint of the key that the tokens are bound to (RFC 9449 §6). */
  @Column({ type: 'varchar', length: 64, nullable: true })
  readonly keyThumbprint!: string | null

  @MomentColumn()
  readonly createdAt!: number

  @Index('IDX_auth_token_families_expiresAt')
  @MomentColumn()
  readonly expiresAt!: number

  @MomentColumn({ nullable: true })
  readonly revokedAt!: number | null
}

@Entity('auth_refresh_tokens')
export class RefreshToken {
  /** SHA-256 of the token. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  readonly id!: string

  @Index('IDX_auth_refresh_tokens_familyId')
  @Column({ type: 'varchar', length: 36 })
  readonly familyId!: string

  /** With it and the token itself, its successor can be made again. */
  @Column({ type: 'varchar', length: 43 })
  readonly salt!: string

  @Index('IDX_auth_refresh_tokens_expiresAt')
  @MomentColumn()
  readonly expiresAt!: number

  @MomentColumn({ nullable: true })
  readonly usedAt!: number | null
}
