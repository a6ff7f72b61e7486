/** The tables of an organisation: tickets and what is said about them. Where each has a schema or database, they are in it. */
import { protectRows, Table, TableIndex, type Migration, type QueryRunner } from 'tenon/data'
import { TenantScoped } from 'tenon/tenancy'

import { text } from './columns.ts'

@TenantScoped()
export class CreateServiceDesk1767225600001 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    const moment = runner.dataSource.driver.normalizeType({ type: Date })
    const person = (name: string) => text(name, 36)
    const organisation = text('organisationId', 48)
    const number = {
      name: 'id',
      type: 'integer',
      isPrimary: true,
      isGenerated: true,
      generationStrategy: 'increment' as const,
    }
    const createdAt = { name: 'createdAt', type: moment }
    const optional = { isNullable: true }
    const to = (table: string, column: string) => ({
      columnNames: [column],
      referencedTableName: table,
      referencedColumnNames: ['id'],
      // Said, because databases differ in what they take for granted.
      onDelete: 'NO ACTION',
      onUpdate: 'NO ACTION',
    })

    await runner.createTable(
      new Table({
        name: 'tickets',
        columns: [
          number,
          organisation,
          text('subject', 120),
          { name: 'description', type: 'text' },
          text('state', 16),
          { name: 'priority', type: 'integer' },
          person('requesterId'),
          { ...person('assigneeId'), ...optional },
          { name: 'internalNotes', type: 'text', ...optional },
          createdAt,
          { name: 'updatedAt', type: moment },
          { name: 'version', type: 'integer' },
        ],
        foreignKeys: [to('users', 'requesterId'), to('users', 'assigneeId')],
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
          organisation,
          { name: 'ticketId', type: 'integer' },
          person('authorId'),
          { name: 'body', type: 'text' },
          { name: 'isInternal', type: 'boolean' },
          createdAt,
        ],
        foreignKeys: [to('tickets', 'ticketId'), to('users', 'authorId')],
        indices: [new TableIndex({ columnNames: ['organisationId', 'ticketId', 'id'] })],
      }),
    )
    await protectRows(runner, 'tickets', 'organisationId')
    await protectRows(runner, 'comments', 'organisationId')
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['comments', 'tickets']) await runner.dropTable(table)
  }
}
