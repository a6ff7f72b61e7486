/** An insert into an owned entity: rows get their owner, point at nobody else's, and overwrite nobody else's. */
import { Not, type EntityMetadata, type InsertQueryBuilder, type ObjectLiteral, type QueryRunner } from 'typeorm'

import { KeyTaken } from './owner-errors.ts'
import { forEverybody } from './acting-owner.ts'
import type { OwnedRows } from './owned-rows.ts'
import { EVERYBODY } from './row-owners.ts'

/** What an `InsertQueryBuilder` has and TypeORM does not declare. */
interface InsertMap {
  insertColumns: string[]
  valuesSet?: ObjectLiteral | ObjectLiteral[]
  insertFromSelect?: unknown
  onUpdate?: {
    conflict?: string | string[]
    overwrite?: string[]
    overwriteCondition?: { readonly type: 'and' | 'simple'; readonly condition: string }[]
  }
}

export class OwnedInsert {
  readonly #rows: OwnedRows
  readonly #builder: InsertQueryBuilder<ObjectLiteral>
  readonly #map: InsertMap
  readonly #metadata: EntityMetadata

  constructor(rows: OwnedRows, builder: InsertQueryBuilder<any>) {
    this.#rows = rows
    this.#builder = builder as InsertQueryBuilder<ObjectLiteral>
    this.#map = builder.expressionMap as unknown as InsertMap
    this.#metadata = builder.expressionMap.mainAlias!.metadata
  }

  /** @throws `DATA_ROW_FOREIGN`, `DATA_INSERT_SELECT_UNOWNED` */
  fill(): void {
    const column = this.#rows.columnOf(this.#metadata)
    if (!column) return
    if (this.#map.insertFromSelect) this.#rows.requireValues(this.#metadata)
    this.#rows.fill(this.#metadata, this.#values)
    const { insertColumns } = this.#map
    if (insertColumns.length > 0 && !insertColumns.includes(column.propertyPath)) {
      this.#map.insertColumns = [...insertColumns, column.propertyPath]
    }
  }

  /** Looks at what the database cannot tell apart. @throws `DATA_REFERENCE_FOREIGN`, `DATA_KEY_TAKEN` */
  async prepare(runner: QueryRunner | undefined): Promise<void> {
    const values = this.#values
    await this.#rows.requireReferences(this.#metadata, values, runner)
    if (this.#map.onUpdate && this.#rows.columnOf(this.#metadata)) await this.#requireFree(runner, values)
  }

  /**
   * Rows that are there are overwritten only where they are the owner's. A key without the owner is completed where the
   * entity has a unique constraint of both.
   */
  guardOverwriting(sql: string): string {
    const column = this.#rows.columnOf(this.#metadata)
    const { onUpdate } = this.#map
    if (!column || !onUpdate || this.#rows.require(this.#metadata.name) === EVERYBODY) return sql
    const { driver, options } = this.#builder.dataSource
    const name = driver.escape(column.databaseName)
    if (options.type === 'mysql' || options.type === 'mariadb') {
      // The row that is there is `column`, the one that was to be written is `VALUES(column)`.
      const isOwn = `${name} = VALUES(${name})`
      return sql.replaceAll(/(`(?:[^`]|``)+`) = VALUES\(\1\)/g, (_, each: string) => {
        return `${each} = IF(${isOwn}, VALUES(${each}), ${each})`
      })
    }
    const [, head = sql, returning = ''] = /^(.*?)( RETURNING .*)?$/s.exec(sql) ?? []
    if (!/ DO UPDATE SET /.test(head)) return sql
    const condition = `${driver.escape(this.#metadata.tableName)}.${name} = EXCLUDED.${name}`
    const [, before, own] = /^(.* DO UPDATE SET .*?) WHERE (.*)$/s.exec(head) ?? []
    return own === undefined
      ? `${head} WHERE ${condition}${returning}`
      : `${before} WHERE (${own}) AND ${condition}${returning}`
  }

  get #values(): readonly ObjectLiteral[] {
    const { valuesSet } = this.#map
    if (valuesSet === undefined) return []
    return Array.isArray(valuesSet) ? valuesSet : [valuesSet]
  }

  /** A row of somebody else with the same key: the database would overwrite it, or silently not. */
  async #requireFree(runner: QueryRunner | undefined, values: readonly ObjectLiteral[]): Promise<void> {
    const column = this.#rows.columnOf(this.#metadata)
    const owner = this.#rows.require(this.#metadata.name)
    const conflict = this.#completeKey()
    if (!column || owner === EVERYBODY || conflict.length === 0 || conflict.includes(column.databaseName)) return
    const key = conflict.map((name) => this.#metadata.findColumnWithDatabaseName(name)!)
    const where = values
      .filter((each) => key.every((part) => part.getEntityValue(each) != null))
      .map(
        (each) =>
          Object.assign({}, ...key.map((part) => part.createValueMap(part.getEntityValue(each)) as object), {
            [column.propertyName]: Not(owner),
          }) as ObjectLiteral,
      )
    if (where.length === 0) return
    const { dataSource } = this.#builder
    const taken = await forEverybody(() =>
      dataSource
        .createQueryBuilder(this.#metadata.target as string, 'taken', runner)
        .withDeleted()
        .where(where)
        .getCount(),
    )
    if (taken > 0) throw new KeyTaken(this.#metadata.name)
  }

  /** The key by which rows are known, with the owner where a unique constraint has both. */
  #completeKey(): readonly string[] {
    const column = this.#rows.columnOf(this.#metadata)
    const { onUpdate } = this.#map
    const conflict = onUpdate?.conflict
    if (!onUpdate || !column || !Array.isArray(conflict)) return []
    if (conflict.includes(column.databaseName)) return conflict
    const both = [...conflict, column.databaseName].toSorted().join()
    const isUnique = [
      ...this.#metadata.uniques.map(({ columns }) => columns),
      ...this.#metadata.indices.filter(({ isUnique: unique }) => unique).map(({ columns }) => columns),
    ].some(
      (columns) =>
        columns
          .map(({ databaseName }) => databaseName)
          .toSorted()
          .join() === both,
    )
    if (!isUnique) return conflict
    onUpdate.conflict = [...conflict, column.databaseName]
    return onUpdate.conflict
  }
}
