/** The table of tasks. */
import { Table, type Migration, type QueryRunner } from 'tenon/data'

export class CreateTasks1795246035009 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    const moment = runner.dataSource.driver.normalizeType({ type: Date })
    const isPostgres = runner.dataSource.options.type === 'postgres'
    const no = isPostgres ? 'false' : '0'
    await runner.createTable(
      new Table({
        name: 'tasks',
        columns: [
          { name: 'id', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
          { name: 'title', type: 'varchar', length: '255' },
          { name: 'dueOn', type: 'date', isNullable: true },
          { name: 'isDone', type: 'boolean', default: no },
          { name: 'createdAt', type: moment },
          { name: 'updatedAt', type: moment },
        ],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('tasks')
  }
}
