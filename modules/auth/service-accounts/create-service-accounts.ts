import { Table, type Migration, type QueryRunner } from 'tenon/data'

export class CreateAuthServiceAccounts1783900800005 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    const text = (name: string, length: number) => ({ name, type: 'varchar', length: String(length) })
    const orNone = <C extends object>(column: C) => ({ ...column, isNullable: true })
    await runner.createTable(
      new Table({
        name: 'auth_service_accounts',
        columns: [
          { ...text('id', 36), isPrimary: true },
          text('name', 120),
          text('secretHash', 64),
          orNone(text('formerSecretHash', 64)),
          orNone({ name: 'formerSecretUntil', type: 'bigint' }),
          { name: 'roles', type: 'text' },
          orNone({ name: 'scopes', type: 'text' }),
          orNone(text('tenant', 255)),
          { name: 'mayActForOthers', type: 'boolean' },
          { name: 'createdAt', type: 'bigint' },
          orNone({ name: 'disabledAt', type: 'bigint' }),
        ],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('auth_service_accounts')
  }
}
