/** The tables of the audit log. Where the database can, it refuses to change what has been written. */
import { Table, type Migration, type QueryRunner } from 'tenon/data'

import { GENESIS } from './hash-entry.ts'

const text = (
  name: string,
  length: number,
  isNullable = true,
): { name: string; type: string; length: string; isNullable: boolean } => ({
  name,
  type: 'varchar',
  length: String(length),
  isNullable,
})

export class AuditEntries1784000100000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'audit_entry',
        columns: [
          { name: 'seq', type: 'bigint', isPrimary: true },
          { name: 'at', type: 'bigint' },
          text('type', 100, false),
          text('outcome', 16, false),
          text('principal', 200),
          text('actor', 200),
          text('tenant', 200),
          text('subject', 400),
          text('reason', 400),
          text('call_id', 200),
          text('address', 64),
          { name: 'details', type: 'text', isNullable: true },
          text('hash', 64, false),
        ],
      }),
    )
    await runner.createTable(
      new Table({
        name: 'audit_head',
        columns: [
          { name: 'id', type: 'integer', isPrimary: true },
          { name: 'seq', type: 'bigint' },
          text('hash', 64, false),
        ],
      }),
    )
    await runner.query(`INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '${GENESIS}')`)
    for (const statement of protection(runner.dataSource.options.type)) await runner.query(statement)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('audit_entry')
    await runner.dropTable('audit_head')
    if (runner.dataSource.options.type === 'postgres') await runner.query('DROP FUNCTION audit_entry_append_only')
  }
}

/** MySQL and MariaDB ask for a right that applications should not have before they make triggers: grants do it there. */
function protection(type: string): readonly string[] {
  if (type === 'postgres') {
    return [
      `CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'audit_entry is append-only'; END $$`,
      `CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
       FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_append_only()`,
    ]
  }
  if (type === 'mysql' || type === 'mariadb') return []
  return ['UPDATE', 'DELETE'].map(
    (what) => `CREATE TRIGGER audit_entry_no_${what.toLowerCase()} BEFORE ${what} ON audit_entry
      BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END`,
  )
}
