/** Somebody with an account, in one organisation: their `tenant`. */
import { Pii } from 'tenon'
import { AccountColumns } from 'tenon/auth'
import { Column, Entity, Index } from 'tenon/data'
import { NoTenant } from 'tenon/tenancy'

@Entity('users')
@Index(['tenant', 'name'])
@NoTenant('Whoever logs in is found by e-mail, before it is known where they belong.')
export class User extends AccountColumns {
  @Pii()
  @Column({ type: 'varchar', length: 80 })
  name!: string
}
