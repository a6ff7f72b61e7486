/**
 * Columns that keep themselves, when an upsert changes a row that is there: who created it stays, who changed it and when
 * becomes new, and the version goes up.
 */
import type { EntityMetadata, InsertQueryBuilder, ObjectLiteral } from 'typeorm'

import { authorColumnsOf } from './author-subscriber.ts'

interface UpsertMap {
  onUpdate?: { overwrite?: string[] }
}

export class UpsertColumns {
  readonly #builder: InsertQueryBuilder<ObjectLiteral>
  readonly #metadata: EntityMetadata

  constructor(builder: InsertQueryBuilder<any>) {
    this.#builder = builder as InsertQueryBuilder<ObjectLiteral>
    this.#metadata = builder.expressionMap.mainAlias!.metadata
  }

  /** What is overwritten besides what was given. */
  complete(): void {
    const { onUpdate } = this.#builder.expressionMap as unknown as UpsertMap
    if (!onUpdate?.overwrite || onUpdate.overwrite.length === 0) return
    const { createdBy, updatedBy } = authorColumnsOf(this.#metadata)
    const { updateDateColumn, versionColumn } = this.#metadata
    const also = [this.#nameOf(updatedBy), updateDateColumn?.databaseName, versionColumn?.databaseName]
    const kept = this.#nameOf(createdBy)
    onUpdate.overwrite = [...new Set([...onUpdate.overwrite, ...also.filter((name) => name !== undefined)])].filter(
      (name) => name !== kept,
    )
  }

  /** The version that the row has, and one. */
  countVersions(sql: string): string {
    const { versionColumn, tablePath } = this.#metadata
    if (!versionColumn) return sql
    const { driver } = this.#builder.dataSource
    const name = driver.escape(versionColumn.databaseName)
    const table = tablePath
      .split('.')
      .map((part) => driver.escape(part))
      .join('.')
    const [, head = sql, update = ''] = /^(.*?)( ON CONFLICT .*| ON DUPLICATE KEY UPDATE .*)$/s.exec(sql) ?? []
    return head + update.replace(`EXCLUDED.${name}`, `${table}.${name} + 1`).replace(`VALUES(${name})`, `${name} + 1`)
  }

  #nameOf(property: string | undefined): string | undefined {
    return property === undefined ? undefined : this.#metadata.findColumnWithPropertyName(property)?.databaseName
  }
}
