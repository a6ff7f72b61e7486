/**
 * Which tables are in a database, where each owner has one: those of owners are in theirs, those of everybody in the
 * application's own. All entities are known to both, so that relations between them can be told.
 */
import type { DataSource, EntityMetadata, QueryRunner } from 'typeorm'

import { RowsElsewhere } from './owner-errors.ts'

const ABSENT: unique symbol = Symbol('tenon.data.absentTables')

/** Nothing makes the other tables in this database, and nothing in it points at them. */
export function keepTables(source: DataSource, isHere: (metadata: EntityMetadata) => boolean): void {
  const absent = new Set(source.entityMetadatas.filter((metadata) => !isHere(metadata)))
  for (const metadata of source.entityMetadatas) {
    if (absent.has(metadata)) metadata.synchronize = false
    else metadata.foreignKeys = metadata.foreignKeys.filter((key) => !absent.has(key.referencedEntityMetadata))
  }
  const createQueryRunner = source.createQueryRunner.bind(source)
  Object.assign(source, {
    [ABSENT]: absent,
    createQueryRunner: (...args: Parameters<DataSource['createQueryRunner']>) =>
      leavingOutForeignKeys(createQueryRunner(...args), absent),
  })
}

/** Whether the table of an entity is in another database than the one it is asked for in. */
export function isAbsent(metadata: EntityMetadata): boolean {
  return (metadata.dataSource as { readonly [ABSENT]?: ReadonlySet<EntityMetadata> })[ABSENT]?.has(metadata) ?? false
}

/** @throws `DATA_ROWS_ELSEWHERE` */
export function requireHere(metadata: EntityMetadata): void {
  if (isAbsent(metadata)) throw new RowsElsewhere(metadata.name)
}

/** Migrations say the same of every database; a key to a table that is elsewhere is left out. */
function leavingOutForeignKeys(runner: QueryRunner, absent: ReadonlySet<EntityMetadata>): QueryRunner {
  const createTable = runner.createTable.bind(runner)
  const createForeignKey = runner.createForeignKey.bind(runner)
  const createForeignKeys = runner.createForeignKeys.bind(runner)
  const elsewhere = new Set([...absent].map(({ tableName }) => tableName))
  const isLeftOut = ({ referencedTableName }: { readonly referencedTableName: string }): boolean =>
    elsewhere.has(referencedTableName)
  return Object.assign(runner, {
    createTable: async (...[table, ...rest]: Parameters<QueryRunner['createTable']>) => {
      table.foreignKeys = table.foreignKeys.filter((key) => !isLeftOut(key))
      await createTable(table, ...rest)
    },
    createForeignKey: async (...[table, key]: Parameters<QueryRunner['createForeignKey']>) => {
      if (!isLeftOut(key)) await createForeignKey(table, key)
    },
    createForeignKeys: async (...[table, keys]: Parameters<QueryRunner['createForeignKeys']>) => {
      await createForeignKeys(
        table,
        keys.filter((key) => !isLeftOut(key)),
      )
    },
  })
}
