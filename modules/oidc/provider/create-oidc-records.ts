import { Table, TableIndex, type Migration, type QueryRunner } from 'tenon/data'

export class CreateOidcRecords1797000000001 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    const text = (name: string, length: number) => ({ name, type: 'varchar', length: String(length) })
    await runner.createTable(
      new Table({
        name: 'oidc_records',
        columns: [
          { ...text('id', 64), isPrimary: true },
          text('kind', 40),
          { ...text('grantHash', 64), isNullable: true },
          { ...text('uidHash', 64), isNullable: true },
          { ...text('accountId', 36), isNullable: true },
          { name: 'payload', type: 'text' },
          { name: 'consumedAt', type: 'bigint', isNullable: true },
          { name: 'expiresAt', type: 'bigint', isNullable: true },
        ],
        indices: ['grantHash', 'uidHash', 'accountId', 'expiresAt'].map(
          (column) => new TableIndex({ columnNames: [column] }),
        ),
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('oidc_records')
  }
}
