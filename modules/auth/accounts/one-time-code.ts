/** A code that must come back once, as it is kept: the code itself is known to nobody but whom it was given to. */
import { Column, Entity, Index, PrimaryColumn } from 'tenon/data'

import { MomentColumn } from '../moment-column.ts'

@Entity('auth_codes')
export class OneTimeCode {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string

  @Column({ type: 'varchar', length: 32 })
  readonly purpose!: string

  /** SHA-256 of the code, as hexadecimal digits. */
  @Index({ unique: true })
  @Column({ type: 'varchar', length: 64 })
  readonly codeHash!: string

  /** Whom it is about: an account's id, the address of somebody who has none yet, or nobody (empty). */
  @Index()
  @Column({ type: 'varchar', length: 254 })
  readonly subject!: string

  /** JSON. */
  @Column({ type: 'text' })
  readonly payload!: string

  @Index()
  @MomentColumn()
  readonly expiresAt!: number
}
