/**
 * Writes down what a statement changes, in the transaction of that statement: rows are read before and after. Builders
 * call it, so nothing that TypeORM writes passes by.
 */
import { currentTenant, tryCtx } from 'tenon'
import { AUDITED, FILTERS } from 'tenon/decorators'
import type {
  DataSource,
  EntityMetadata,
  InsertQueryBuilder,
  ObjectLiteral,
  QueryBuilder,
  QueryRunner,
  SelectQueryBuilder,
} from 'typeorm'

import { leavingOut, SOFT_DELETE } from '../filters/left-out.ts'
import { EntityChange, type ChangeAction, type FieldChange } from './entity-change.ts'

type Rows = readonly ObjectLiteral[]

/** A builder of a statement that writes, with what TypeORM declares as protected. */
export interface WritingBuilder {
  readonly dataSource: DataSource
  readonly expressionMap: QueryBuilder<ObjectLiteral>['expressionMap']
  getParameters(): ObjectLiteral
  createWhereExpression(): string
  replacePropertyNamesForTheWholeQuery(statement: string): string
}

/** Runs the statement of a builder; what it changes of an audited entity is kept. */
export async function audited<R>(builder: QueryBuilder<any>, action: ChangeAction, run: () => Promise<R>): Promise<R> {
  const writing = builder as unknown as WritingBuilder
  const { mainAlias } = writing.expressionMap
  const metadata = mainAlias?.hasMetadata ? mainAlias.metadata : undefined
  if (!metadata || typeof metadata.target !== 'function' || !AUDITED.read(metadata.target)) return run()
  return inTransaction(builder, (runner) => new AuditedWrite(writing, metadata, runner).run(action, run))
}

/** The one that is there, or one for this statement. */
async function inTransaction<R>(builder: QueryBuilder<any>, work: (runner: QueryRunner) => Promise<R>): Promise<R> {
  const given = (builder as unknown as { readonly queryRunner?: QueryRunner }).queryRunner
  if (given?.isTransactionActive) return work(given)
  const runner = given ?? (builder as unknown as WritingBuilder).dataSource.createQueryRunner()
  builder.setQueryRunner(runner)
  try {
    await runner.startTransaction()
    const result = await work(runner)
    await runner.commitTransaction()
    return result
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction()
    throw error
  } finally {
    if (!given) await runner.release()
  }
}

class AuditedWrite {
  readonly #builder: WritingBuilder
  readonly #metadata: EntityMetadata
  readonly #runner: QueryRunner

  constructor(builder: WritingBuilder, metadata: EntityMetadata, runner: QueryRunner) {
    this.#builder = builder
    this.#metadata = metadata
    this.#runner = runner
  }

  async run<R>(action: ChangeAction, run: () => Promise<R>): Promise<R> {
    const before = action === 'insert' ? await this.#conflicting() : await this.#meant()
    const result = await run()
    const after =
      action === 'delete' ? [] : await this.#byKey(action === 'insert' ? [...before, ...this.#written()] : before)
    await this.#keep(before, after)
    return result
  }

  /** The rows that the statement's own criteria name. */
  #meant(): Promise<Rows> {
    const criteria = this.#builder.replacePropertyNamesForTheWholeQuery(this.#builder.createWhereExpression())
    const where = criteria.replace(/^\s*WHERE\s+/i, '')
    const select = this.#select()
    return read(where === '' ? select : select.where(where).setParameters(this.#builder.getParameters()))
  }

  /** The rows that an upsert would overwrite. */
  async #conflicting(): Promise<Rows> {
    const { onUpdate } = this.#builder.expressionMap as { onUpdate?: { conflict?: string | readonly string[] } }
    const conflict = [onUpdate?.conflict ?? []].flat()
    if (conflict.length === 0) return []
    const columns = conflict.map((name) => this.#metadata.findColumnWithDatabaseName(name)!)
    const where = this.#values().map((values) =>
      Object.fromEntries(columns.map((column) => [column.propertyPath, column.getEntityValue(values) as unknown])),
    )
    return read(this.#select().where(where))
  }

  #values(): Rows {
    const { valuesSet = [] } = this.#builder.expressionMap as unknown as { valuesSet?: ObjectLiteral | ObjectLiteral[] }
    return [valuesSet].flat()
  }

  /** What was inserted, with the keys that the database gave. */
  #written(): Rows {
    return this.#values().filter((row) => this.#metadata.hasAllPrimaryKeys(row))
  }

  async #byKey(rows: Rows): Promise<Rows> {
    const keys = rows.flatMap((row) => this.#metadata.getEntityIdMap(row) ?? [])
    return keys.length === 0 ? [] : read(this.#select().where(keys))
  }

  /** Every row, also those that filters hide: of the same owner, where rows have one. */
  #select(): SelectQueryBuilder<ObjectLiteral> {
    return this.#builder.dataSource.createQueryBuilder(this.#metadata.target, 'changed', this.#runner).withDeleted()
  }

  async #keep(before: Rows, after: Rows): Promise<void> {
    const old = new Map(before.map((row) => [this.#keyOf(row), row]))
    const changed = new Map(after.map((row) => [this.#keyOf(row), row]))
    const context = tryCtx()
    const shared = {
      entity: this.#metadata.name,
      by: context?.principal?.id ?? null,
      actor: context?.principal?.actor?.id ?? null,
      tenant: currentTenant() ?? context?.principal?.tenant ?? null,
      callId: context?.id ?? null,
      at: Date.now(),
    }
    const rows = [...new Set([...old.keys(), ...changed.keys()])].flatMap((key) => {
      const [from, to] = [old.get(key), changed.get(key)]
      const changes = this.#changes(from, to)
      if (Object.keys(changes).length === 0) return []
      return [{ ...shared, key, action: actionOf(from, to), changes }]
    })
    if (rows.length === 0) return
    const insert = this.#builder.dataSource
      .createQueryBuilder(this.#runner)
      .insert() as InsertQueryBuilder<EntityChange>
    await insert
      .into(EntityChange)
      .values(rows as never)
      .updateEntity(false)
      .execute()
  }

  #changes(from: ObjectLiteral | undefined, to: ObjectLiteral | undefined): Record<string, FieldChange> {
    const masked = AUDITED.read(this.#metadata.target as Function)?.masked ?? []
    const changes: Record<string, FieldChange> = {}
    for (const column of this.#metadata.columns) {
      const [was, is] = [from, to].map((row) => row && plain(column.getEntityValue(row)))
      if (JSON.stringify(was) === JSON.stringify(is)) continue
      changes[column.propertyPath] = masked.includes(column.propertyPath)
        ? {}
        : { ...(was !== undefined && { from: was }), ...(is !== undefined && { to: is }) }
    }
    return changes
  }

  #keyOf(row: ObjectLiteral): string {
    return printKey(this.#metadata.primaryColumns.map((column) => column.getEntityValue(row) as unknown))
  }
}

/** One value as it is, several as a JSON list. */
export function printKey(values: readonly unknown[]): string {
  return values.length === 1 ? String(plain(values[0])) : JSON.stringify(values.map(plain))
}

function actionOf(from: ObjectLiteral | undefined, to: ObjectLiteral | undefined): ChangeAction {
  if (!from) return 'insert'
  return to ? 'update' : 'delete'
}

function read(select: SelectQueryBuilder<ObjectLiteral>): Promise<Rows> {
  const { target } = select.expressionMap.mainAlias!.metadata
  const filters = FILTERS.read(target as Function).map(({ name }) => name)
  return leavingOut([...filters, SOFT_DELETE], () => select.getMany())
}

/** As it can be kept in JSON. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return value.toISOString()
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}
