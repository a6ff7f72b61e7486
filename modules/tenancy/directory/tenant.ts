/** A tenant as the default directory keeps it. */
import { Column, Entity, PrimaryColumn } from 'tenon/data'
import { NoTenant } from 'tenon/decorators'

@NoTenant('Which tenants there are is asked before any of them is known.')
@Entity('tenancy_tenants')
export class Tenant {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  id!: string

  @Column({ type: 'varchar', length: 200 })
  name!: string

  @Column({ type: 'varchar', length: 16, default: 'active' })
  state!: 'active' | 'suspended'

  @Column({ type: 'simple-json' })
  settings!: Record<string, unknown>

  @Column({ type: 'simple-json' })
  limits!: Record<string, number>
}
