import { Table, TableIndex, type Migration, type QueryRunner } from 'tenon/data'

export class CreateAuthRefreshTokens1783900800002 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    const text = (name: string, length: number) => ({ name, type: 'varchar', length: String(length) })
    const moment = (name: string) => ({ name, type: 'bigint' })
    const index = (table: string, column: string) =>
      new TableIndex({ name: `IDX_${table}_${column}`, columnNames: [column] })

    await runner.createTable(
      new Table({
        name: 'auth_token_families',
        columns: [
          { ...text('id', 36), isPrimary: true },
          text('principalId', 255),
          { name: 'principal', type: 'text' },
          text('audience', 255),
          { ...text('keyThumbprint', 64), isNullable: true },
          moment('createdAt'),
          moment('expiresAt'),
          { ...moment('revokedAt'), isNullable: true },
        ],
        indices: [index('auth_token_families', 'principalId'), index('auth_token_families', 'expiresAt')],
      }),
    )
    await runner.createTable(
      new Table({
        name: 'auth_refresh_tokens',
        columns: [
          { ...text('id', 64), isPrimary: true },
          text('familyId', 36),
          text('salt', 43),
          moment('expiresAt'),
          { ...moment('usedAt'), isNullable: true },
        ],
        indices: [index('auth_refresh_tokens', 'familyId'), index('auth_refresh_tokens', 'expiresAt')],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('auth_refresh_tokens')
    await runner.dropTable('auth_token_families')
  }
}
