/** The table of the SQL store. */
import { Table, type Migration, type QueryRunner } from 'tenon/data'

export class SecurityRateLimits1784000000000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'security_rate_limit',
        columns: [
          { name: 'id', type: 'varchar', length: '64', isPrimary: true },
          { name: 'full_at', type: 'bigint' },
        ],
        indices: [{ name: 'security_rate_limit_full_at', columnNames: ['full_at'] }],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('security_rate_limit')
  }
}
