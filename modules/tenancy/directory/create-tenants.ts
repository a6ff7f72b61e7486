/** The table of the default directory. */
import { Table, type Migration, type QueryRunner } from 'tenon/data'

export class CreateTenancyTenants1783400000000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'tenancy_tenants',
        columns: [
          { name: 'id', type: 'varchar', length: '64', isPrimary: true },
          { name: 'name', type: 'varchar', length: '200' },
          { name: 'state', type: 'varchar', length: '16', default: "'active'" },
          { name: 'settings', type: 'text' },
          { name: 'limits', type: 'text' },
        ],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('tenancy_tenants')
  }
}
