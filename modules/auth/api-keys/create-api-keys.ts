import { Table, TableIndex, type Migration, type QueryRunner } from 'tenon/data'

export class CreateAuthApiKeys1783900800004 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    const text = (name: string, length: number) => ({ name, type: 'varchar', length: String(length) })
    const moment = (name: string) => ({ name, type: 'bigint', isNullable: true })
    await runner.createTable(
      new Table({
        name: 'auth_api_keys',
        columns: [
          { ...text('id', 36), isPrimary: true },
          text('hash', 64),
          text('hint', 40),
          text('name', 120),
          text('principalId', 255),
          { name: 'principal', type: 'text' },
          { name: 'scopes', type: 'text', isNullable: true },
          { ...text('tenant', 255), isNullable: true },
          { name: 'createdAt', type: 'bigint' },
          moment('expiresAt'),
          moment('revokedAt'),
          moment('lastUsedAt'),
        ],
        indices: [
          new TableIndex({ name: 'UQ_auth_api_keys_hash', columnNames: ['hash'], isUnique: true }),
          new TableIndex({ name: 'IDX_auth_api_keys_principalId', columnNames: ['principalId'] }),
        ],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('auth_api_keys')
  }
}
