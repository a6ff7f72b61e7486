/** What the authorization server keeps: codes, tokens, grants, its sessions, interactions in progress, registered clients. */
import { Column, Entity, Index, PrimaryColumn } from 'tenon/data'

import { MomentColumn } from '../moment-column.ts'

@Entity('oidc_records')
export class OidcRecord {
  /** SHA-256 of kind and id: the ids of codes and tokens are secrets, and databases may not tell `a` from `A`. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  readonly id!: string

  /** `AuthorizationCode`, `Session`, `Client`, ... */
  @Column({ type: 'varchar', length: 40 })
  readonly kind!: string

  /** SHA-256. */
  @Index()
  @Column({ type: 'varchar', length: 64, nullable: true })
  readonly grantHash!: string | null

  /** SHA-256. */
  @Index()
  @Column({ type: 'varchar', length: 64, nullable: true })
  readonly uidHash!: string | null

  @Index()
  @Column({ type: 'varchar', length: 36, nullable: true })
  readonly accountId!: string | null

  /** JSON. */
  @Column({ type: 'text' })
  readonly payload!: string

  @MomentColumn({ nullable: true })
  readonly consumedAt!: number | null

  /** `null`: until it is removed. */
  @Index()
  @MomentColumn({ nullable: true })
  readonly expiresAt!: number | null
}
