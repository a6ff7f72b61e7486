/** Somebody with an account, in one organisation. */
import { Column, Entity, PrimaryColumn } from 'tenon/data'

import type { Role } from '../access/caller.ts'

@Entity('users')
export class User {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string

  @Column({ type: 'varchar', length: 36 })
  readonly organisationId!: string

  /** Lower case; identifies the account when logging in, across all organisations. */
  @Column({ type: 'varchar', length: 254, unique: true })
  email!: string

  @Column({ type: 'varchar', length: 80 })
  name!: string

  @Column({ type: 'varchar', length: 16 })
  role!: Role

  @Column({ type: 'varchar', length: 255 })
  passwordHash!: string

  @Column({ type: Date })
  readonly createdAt!: Date
}
