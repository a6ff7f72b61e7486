/** Somebody who can log in, as a row. */
import { Pii, Secret } from 'tenon/decorators'
import { Column, Entity, Index, PrimaryColumn } from 'tenon/data'

import { MomentColumn } from '../moment-column.ts'
import type { AccountRecord } from './account-store.ts'

/** Extend it to keep accounts in an entity of your own: `@Entity('users') class User extends AccountColumns { @Column() name!: string }`. */
export abstract class AccountColumns implements AccountRecord {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string

  @Pii()
  @Index({ unique: true })
  @Column({ type: 'varchar', length: 254 })
  email!: string

  @Secret()
  @Column({ type: 'varchar', length: 255, nullable: true })
  passwordHash!: string | null

  @Column({ type: 'simple-json' })
  roles!: string[]

  @Column({ type: 'varchar', length: 64, nullable: true })
  tenant!: string | null

  @MomentColumn({ nullable: true })
  verifiedAt!: number | null

  @MomentColumn({ nullable: true })
  disabledAt!: number | null

  @MomentColumn()
  readonly createdAt!: number
}

@Entity('auth_accounts')
export class Account extends AccountColumns {}
