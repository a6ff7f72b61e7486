import { Table, TableIndex, type Migration, type QueryRunner } from 'tenon/data'

export class CreateOidcLogin1797000000000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    const text = (name: string, length: number) => ({ name, type: 'varchar', length: String(length) })
    const moment = (name: string) => ({ name, type: 'bigint' })
    await runner.createTable(
      new Table({
        name: 'oidc_identities',
        columns: [
          { ...text('id', 64), isPrimary: true },
          text('accountId', 36),
          text('issuer', 255),
          text('subject', 255),
          { ...text('email', 254), isNullable: true },
          moment('linkedAt'),
          moment('lastLoginAt'),
        ],
        indices: [new TableIndex({ columnNames: ['accountId'] })],
      }),
    )
    await runner.createTable(
      new Table({
        name: 'oidc_used_states',
        columns: [{ ...text('id', 64), isPrimary: true }, moment('expiresAt')],
        indices: [new TableIndex({ columnNames: ['expiresAt'] })],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('oidc_used_states')
    await runner.dropTable('oidc_identities')
  }
}
