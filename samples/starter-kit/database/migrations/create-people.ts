/** The table of accounts: everybody's, for whoever logs in belongs nowhere yet. */
import { Table, TableIndex, type Migration, type QueryRunner } from 'tenon/data'

import { text } from './columns.ts'

export class CreatePeople1767225600000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    const optional = { isNullable: true }
    await runner.createTable(
      new Table({
        name: 'users',
        columns: [
          { ...text('id', 36), isPrimary: true },
          text('email', 254),
          { ...text('passwordHash', 255), ...optional },
          { name: 'roles', type: 'text' },
          { ...text('tenant', 64), ...optional },
          { name: 'verifiedAt', type: 'bigint', ...optional },
          { name: 'disabledAt', type: 'bigint', ...optional },
          { name: 'createdAt', type: 'bigint' },
          text('name', 80),
        ],
        indices: [
          new TableIndex({ columnNames: ['email'], isUnique: true }),
          new TableIndex({ columnNames: ['tenant', 'name'] }),
        ],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('users')
  }
}
