/** The table of changes. */
import { Table, TableIndex, type QueryRunner } from 'typeorm'

import type { Migration } from '../migration.ts'

export class CreateDataHistory1783500000000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'data_history',
        columns: [
          { name: 'id', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
          { name: 'entity', type: 'varchar', length: '100' },
          { name: 'key', type: 'varchar', length: '200' },
          { name: 'action', type: 'varchar', length: '6' },
          { name: 'changes', type: 'text' },
          { name: 'by', type: 'varchar', length: '64', isNullable: true },
          { name: 'actor', type: 'varchar', length: '64', isNullable: true },
          { name: 'tenant', type: 'varchar', length: '64', isNullable: true },
          { name: 'callId', type: 'varchar', length: '128', isNullable: true },
          { name: 'at', type: 'bigint' },
        ],
      }),
    )
    const columnNames = ['entity', 'key']
    const name = runner.dataSource.namingStrategy.indexName('data_history', columnNames)
    await runner.createIndex('data_history', new TableIndex({ name, columnNames }))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('data_history')
  }
}
