import { Table, TableIndex, type Migration, type QueryRunner } from 'tenon/data'

export class CreateAuthDpopProofs1783900800003 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'auth_dpop_proofs',
        columns: [
          { name: 'id', type: 'varchar', length: '64', isPrimary: true },
          { name: 'expiresAt', type: 'bigint' },
        ],
        indices: [new TableIndex({ name: 'IDX_auth_dpop_proofs_expiresAt', columnNames: ['expiresAt'] })],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('auth_dpop_proofs')
  }
}
