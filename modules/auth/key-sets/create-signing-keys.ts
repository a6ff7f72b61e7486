import { Table, TableIndex, type Migration, type QueryRunner } from 'tenon/data'

export class CreateAuthSigningKeys1783900800000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'auth_signing_keys',
        columns: [
          { name: 'id', type: 'varchar', length: '64', isPrimary: true },
          { name: 'generation', type: 'integer' },
          { name: 'algorithm', type: 'varchar', length: '16' },
          { name: 'publicKey', type: 'text' },
          { name: 'privateKey', type: 'text' },
          { name: 'signsFrom', type: 'bigint' },
        ],
        indices: [
          new TableIndex({ name: 'UQ_auth_signing_keys_generation', columnNames: ['generation'], isUnique: true }),
        ],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('auth_signing_keys')
  }
}
