import { Table, TableIndex, type Migration, type QueryRunner } from 'tenon/data'

export class CreateAuthSessions1795000000000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    const text = (name: string, length: number) => ({ name, type: 'varchar', length: String(length) })
    const moment = (name: string) => ({ name, type: 'bigint' })
    await runner.createTable(
      new Table({
        name: 'auth_sessions',
        columns: [
          { ...text('id', 36), isPrimary: true },
          text('secretHash', 64),
          text('accountId', 36),
          moment('createdAt'),
          moment('lastSeenAt'),
          moment('expiresAt'),
          { name: 'factors', type: 'text' },
          text('address', 45),
          text('agent', 200),
          { name: 'data', type: 'text' },
        ],
        indices: [
          new TableIndex({ columnNames: ['secretHash'], isUnique: true }),
          new TableIndex({ columnNames: ['accountId'] }),
          new TableIndex({ columnNames: ['expiresAt'] }),
        ],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('auth_sessions')
  }
}
