import { Table, TableIndex, type Migration, type QueryRunner } from 'tenon/data'

export class CreateMfa1795100000000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    const text = (name: string, length: number) => ({ name, type: 'varchar', length: String(length) })
    const long = (name: string) => ({ name, type: 'text' })
    const moment = (name: string) => ({ name, type: 'bigint' })
    const key = { isPrimary: true }
    const optional = { isNullable: true }
    const index = (column: string) => new TableIndex({ columnNames: [column] })
    const unique = (column: string) => new TableIndex({ columnNames: [column], isUnique: true })
    await runner.createTable(
      new Table({
        name: 'mfa_totp',
        columns: [
          { ...text('accountId', 36), ...key },
          { ...long('secret'), ...optional },
          moment('lastStep'),
          { ...moment('confirmedAt'), ...optional },
          { ...long('pendingSecret'), ...optional },
          { ...moment('pendingUntil'), ...optional },
        ],
      }),
    )
    await runner.createTable(
      new Table({
        name: 'mfa_recovery_codes',
        columns: [{ ...text('id', 64), ...key }, text('accountId', 36), moment('createdAt')],
        indices: [index('accountId')],
      }),
    )
    await runner.createTable(
      new Table({
        name: 'mfa_passkeys',
        columns: [
          { ...text('id', 36), ...key },
          text('accountId', 36),
          text('credentialHash', 64),
          long('credentialId'),
          long('publicKey'),
          moment('counter'),
          text('method', 8),
          long('transports'),
          text('aaguid', 36),
          text('name', 64),
          moment('createdAt'),
          { ...moment('lastUsedAt'), ...optional },
        ],
        indices: [index('accountId'), unique('credentialHash')],
      }),
    )
    await runner.createTable(
      new Table({
        name: 'mfa_devices',
        columns: [
          { ...text('id', 36), ...key },
          text('accountId', 36),
          text('secretHash', 64),
          moment('createdAt'),
          moment('lastUsedAt'),
          moment('expiresAt'),
          text('address', 45),
          text('agent', 200),
        ],
        indices: [index('accountId'), unique('secretHash'), index('expiresAt')],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['mfa_devices', 'mfa_passkeys', 'mfa_recovery_codes', 'mfa_totp']) {
      await runner.dropTable(table)
    }
  }
}
