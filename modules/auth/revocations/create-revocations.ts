import { Table, TableIndex, type Migration, type QueryRunner } from 'tenon/data'

export class CreateAuthRevocations1783900800001 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'auth_revocations',
        columns: [
          { name: 'id', type: 'varchar', length: '64', isPrimary: true },
          { name: 'issuedUntil', type: 'bigint' },
          { name: 'expiresAt', type: 'bigint' },
          { name: 'changedAt', type: 'bigint' },
        ],
        indices: [
          new TableIndex({ name: 'IDX_auth_revocations_changedAt', columnNames: ['changedAt'] }),
          new TableIndex({ name: 'IDX_auth_revocations_expiresAt', columnNames: ['expiresAt'] }),
        ],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('auth_revocations')
  }
}
