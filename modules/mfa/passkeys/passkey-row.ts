/** A passkey, as a row: the public half of a key whose other half never leaves its authenticator. */
import { MomentColumn } from 'tenon/auth'
import { Column, Entity, Index, PrimaryColumn } from 'tenon/data'
import type { MfaMethod } from 'tenon/decorators'

@Entity('mfa_passkeys')
export class Passkey {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string

  @Index()
  @Column({ type: 'varchar', length: 36 })
  readonly accountId!: string

  /** SHA-256 of `credentialId`, which may be too long for an index (WebAuthn §5.8.3: 1023 bytes). */
  @Index({ unique: true })
  @Column({ type: 'varchar', length: 64 })
  readonly credentialHash!: string

  /** As base64url. */
  @Column({ type: 'text' })
  readonly credentialId!: string

  /** COSE, as base64url. */
  @Column({ type: 'text' })
  readonly publicKey!: string

  /** How often the authenticator says that it was used; 0 for those that do not count. */
  @MomentColumn()
  readonly counter!: number

  /** `hwk`: it stays on its authenticator; `swk`: it is copied between devices of its owner. */
  @Column({ type: 'varchar', length: 8 })
  readonly method!: Extract<MfaMethod, 'hwk' | 'swk'>

  /** JSON: how browsers reach it. */
  @Column({ type: 'text' })
  readonly transports!: string

  /** The model of the authenticator, as far as it says. */
  @Column({ type: 'varchar', length: 36 })
  readonly aaguid!: string

  @Column({ type: 'varchar', length: 64 })
  readonly name!: string

  @MomentColumn()
  readonly createdAt!: number

  @MomentColumn({ nullable: true })
  readonly lastUsedAt!: number | null
}
