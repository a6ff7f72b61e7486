import { Table, TableIndex, type Migration, type QueryRunner } from 'tenon/data'

export class CreateAuthAccounts1795000000001 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    const text = (name: string, length: number) => ({ name, type: 'varchar', length: String(length) })
    const moment = (name: string) => ({ name, type: 'bigint' })
    const optional = { isNullable: true }
    await runner.createTable(
      new Table({
        name: 'auth_accounts',
        columns: [
          { ...text('id', 36), isPrimary: true },
          text('email', 254),
          { ...text('passwordHash', 255), ...optional },
          { name: 'roles', type: 'text' },
          { ...text('tenant', 64), ...optional },
          { ...moment('verifiedAt'), ...optional },
          { ...moment('disabledAt'), ...optional },
          moment('createdAt'),
        ],
        indices: [new TableIndex({ columnNames: ['email'], isUnique: true })],
      }),
    )
    await runner.createTable(
      new Table({
        name: 'auth_codes',
        columns: [
          { ...text('id', 36), isPrimary: true },
          text('purpose', 32),
          text('codeHash', 64),
          text('subject', 254),
          { name: 'payload', type: 'text' },
          moment('expiresAt'),
        ],
        indices: [
          new TableIndex({ columnNames: ['codeHash'], isUnique: true }),
          new TableIndex({ columnNames: ['subject'] }),
          new TableIndex({ columnNames: ['expiresAt'] }),
        ],
      }),
    )
    await runner.createTable(
      new Table({
        name: 'auth_attempts',
        columns: [
          { ...text('id', 64), isPrimary: true },
          { name: 'count', type: 'integer' },
          moment('blockedUntil'),
          moment('forgetAt'),
        ],
        indices: [new TableIndex({ columnNames: ['forgetAt'] })],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['auth_attempts', 'auth_codes', 'auth_accounts']) await runner.dropTable(table)
  }
}
