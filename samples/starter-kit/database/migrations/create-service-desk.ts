/** The first schema: organisations, their members, tickets and what is said about them. */
import { Table, TableIndex, type Migration, type QueryRunner } from 'tenon/data'

export class CreateServiceDesk1767225600000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    const moment = runner.dataSource.driver.normalizeType({ type: Date })
    const id = { name: 'id', type: 'varchar', length: '36', isPrimary: true }
    const number = {
      name: 'id',
      type: 'integer',
      isPrimary: true,
      isGenerated: true,
      generationStrategy: 'increment' as const,
    }
    const text = (name: string, length: number) => ({ name, type: 'varchar', length: String(length) })
    const reference = (name: string) => text(name, 36)
    const createdAt = { name: 'createdAt', type: moment }
    const to = (table: string, column: string) => ({
      columnNames: [column],
      referencedTableName: table,
      referencedColumnNames: ['id'],
    })

    await runner.createTable(
      new Table({ name: 'organisations', columns: [id, { ...text('name', 80), isUnique: true }, createdAt] }),
    )
    await runner.createTable(
      new Table({
        name: 'users',
        columns: [
          id,
          reference('organisationId'),
          { ...text('email', 254), isUnique: true },
          text('name', 80),
          text('role', 16),
          text('passwordHash', 255),
          createdAt,
        ],
        foreignKeys: [to('organisations', 'organisationId')],
        indices: [new TableIndex({ columnNames: ['organisationId', 'name'] })],
      }),
    )
    await runner.createTable(
      new Table({
        name: 'tickets',
        columns: [
          number,
          reference('organisationId'),
          text('subject', 120),
          { name: 'description', type: 'text' },
          text('state', 16),
          { name: 'priority', type: 'integer' },
          reference('requesterId'),
          { ...reference('assigneeId'), isNullable: true },
          createdAt,
          { name: 'updatedAt', type: moment },
        ],
        foreignKeys: [to('organisations', 'organisationId'), to('users', 'requesterId'), to('users', 'assigneeId')],
        indices: [
          new TableIndex({ columnNames: ['organisationId', 'updatedAt'] }),
          new TableIndex({ columnNames: ['organisationId', 'requesterId'] }),
        ],
      }),
    )
    await runner.createTable(
      new Table({
        name: 'comments',
        columns: [
          number,
          { name: 'ticketId', type: 'integer' },
          reference('authorId'),
          { name: 'body', type: 'text' },
          { name: 'isInternal', type: 'boolean' },
          createdAt,
        ],
        foreignKeys: [to('tickets', 'ticketId'), to('users', 'authorId')],
        indices: [new TableIndex({ columnNames: ['ticketId'] })],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['comments', 'tickets', 'users', 'organisations']) await runner.dropTable(table)
  }
}
