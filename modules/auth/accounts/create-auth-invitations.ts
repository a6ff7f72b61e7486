import { Table, TableIndex, type Migration, type QueryRunner } from 'tenon/data'

export class CreateAuthInvitations1798000000000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    const text = (name: string, length: number) => ({ name, type: 'varchar', length: String(length) })
    const moment = (name: string) => ({ name, type: 'bigint' })
    const index = (column: string) => new TableIndex({ columnNames: [column] })
    await runner.createTable(
      new Table({
        name: 'auth_invitations',
        columns: [
          { ...text('id', 36), isPrimary: true },
          text('email', 254),
          { name: 'roles', type: 'text' },
          { ...text('tenant', 64), isNullable: true },
          { name: 'profile', type: 'text' },
          moment('createdAt'),
          moment('expiresAt'),
        ],
        indices: [index('email'), index('tenant'), index('expiresAt')],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('auth_invitations')
  }
}
