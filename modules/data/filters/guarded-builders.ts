/**
 * TypeORM's query builders with two additions: the filters of every entity that a statement touches, and no criteria
 * without a value. All of TypeORM builds its statements with them, so nothing passes by: finds, relations, counts, saves.
 */
import {
  DeleteQueryBuilder,
  InsertQueryBuilder,
  RelationQueryBuilder,
  SelectQueryBuilder,
  UpdateQueryBuilder,
  type DataSource,
  type DeleteResult,
  type InsertResult,
  type ObjectLiteral,
  type QueryRunner,
  type UpdateResult,
} from 'typeorm'
import { SoftDeleteQueryBuilder } from 'typeorm/query-builder/SoftDeleteQueryBuilder.js'

import { audited } from '../audit/audited-write.ts'
import { authorChanges } from '../audit/author-subscriber.ts'
import { UpsertColumns } from '../audit/upsert-columns.ts'
import { requireValues } from '../criteria.ts'
import { and, conditionsOn, filtered, type Builder } from './filtered-statement.ts'
import { OwnedInsert } from '../owners/owned-insert.ts'
import { OwnedRows } from '../owners/owned-rows.ts'
import { isLeftOut, SOFT_DELETE } from './left-out.ts'

/** Lets a data source build its statements with guards. */
export function guardQueries<S extends DataSource>(source: S): S {
  return Object.assign(source, {
    createQueryBuilder(entityOrRunner?: unknown, alias?: string, runner?: QueryRunner) {
      if (alias === undefined) return new GuardedSelect(source, entityOrRunner as QueryRunner | undefined)
      const { target } = source.getMetadata(entityOrRunner as string)
      return new GuardedSelect(source, runner).select(alias).from(target as string, alias)
    },
  })
}

class GuardedSelect<E extends ObjectLiteral> extends SelectQueryBuilder<E> {
  /** What it was cloned from. */
  #origin: GuardedSelect<E> | undefined

  /** TypeORM writes the clone's statement into another one, with the parameters of the original alone. */
  override clone(): this {
    const clone = super.clone()
    clone.#origin = this
    return clone
  }

  override getQuery(): string {
    const sql = super.getQuery()
    if (this.#origin)
      this.#origin.expressionMap.parameters = { ...this.getParameters(), ...this.#origin.getParameters() }
    return sql
  }

  override where(...[where, parameters]: Parameters<SelectQueryBuilder<E>['where']>): this {
    requireCriteria(where, parameters)
    return super.where(where, parameters)
  }

  override andWhere(...[where, parameters]: Parameters<SelectQueryBuilder<E>['andWhere']>): this {
    requireCriteria(where, parameters)
    return super.andWhere(where, parameters)
  }

  override orWhere(...[where, parameters]: Parameters<SelectQueryBuilder<E>['orWhere']>): this {
    requireCriteria(where, parameters)
    return super.orWhere(where, parameters)
  }

  override having(having: string, parameters?: ObjectLiteral): this {
    requireCriteria(having, parameters)
    return super.having(having, parameters)
  }

  override andHaving(having: string, parameters?: ObjectLiteral): this {
    requireCriteria(having, parameters)
    return super.andHaving(having, parameters)
  }

  override orHaving(having: string, parameters?: ObjectLiteral): this {
    requireCriteria(having, parameters)
    return super.orHaving(having, parameters)
  }

  override whereInIds(ids: any): this {
    requireValues('The query builder', ids, 'ids')
    return super.whereInIds(ids)
  }

  override andWhereInIds(ids: any): this {
    requireValues('The query builder', ids, 'ids')
    return super.andWhereInIds(ids)
  }

  override setParameters(parameters: ObjectLiteral): this {
    requireParameters(parameters)
    return super.setParameters(parameters)
  }

  override relation(...args: [any, any?]): RelationQueryBuilder<any> {
    return new GuardedRelation(super.relation(...args))
  }

  override insert(): InsertQueryBuilder<E> {
    return new GuardedInsert(super.insert())
  }

  override update(...args: [any?, any?]): UpdateQueryBuilder<any> {
    return new GuardedUpdate(super.update(...(args as [])))
  }

  override delete(): DeleteQueryBuilder<E> {
    return new GuardedDelete(super.delete())
  }

  override softDelete(): SoftDeleteQueryBuilder<any> {
    return new GuardedSoftDelete(super.softDelete())
  }

  override restore(): SoftDeleteQueryBuilder<any> {
    return new GuardedSoftDelete(super.restore())
  }

  protected override createWhereExpression(): string {
    if (isLeftOut(SOFT_DELETE)) this.expressionMap.withDeleted = true
    return filtered(this as unknown as Builder, () => super.createWhereExpression())
  }

  /** What is joined is filtered in the condition of the join: an outer join keeps its rows. */
  protected override createJoinExpression(): string {
    const builder = this as unknown as Builder
    const joins = builder.expressionMap.joinAttributes
    const own = joins.map(({ condition }) => condition)
    for (const join of joins) {
      if (!join.metadata) continue
      const filters = conditionsOn(builder, join.metadata, join.alias.name)
      join.condition = and([join.condition ?? '', ...filters]) || undefined
    }
    try {
      return super.createJoinExpression()
    } finally {
      for (const [index, join] of joins.entries()) join.condition = own[index]
    }
  }
}

/** Changes relations by the builders that it makes. */
class GuardedRelation<E extends ObjectLiteral> extends RelationQueryBuilder<E> {
  override createQueryBuilder(runner?: QueryRunner): this {
    return new GuardedSelect<E>(this.dataSource, runner ?? this.queryRunner) as unknown as this
  }
}

class GuardedInsert<E extends ObjectLiteral> extends InsertQueryBuilder<E> {
  override async execute(): Promise<InsertResult> {
    await this.#owned?.prepare(this.queryRunner)
    return audited(this, 'insert', () => super.execute())
  }

  protected override createInsertExpression(): string {
    const owned = this.#owned
    const upsert = this.expressionMap.mainAlias?.hasMetadata ? new UpsertColumns(this) : undefined
    upsert?.complete()
    owned?.fill()
    const sql = super.createInsertExpression()
    const guarded = owned ? owned.guardOverwriting(sql) : sql
    return upsert ? upsert.countVersions(guarded) : guarded
  }

  get #owned(): OwnedInsert | undefined {
    const rows = OwnedRows.of(this.dataSource)
    return rows && this.expressionMap.mainAlias?.hasMetadata ? new OwnedInsert(rows, this) : undefined
  }
}

class GuardedUpdate<E extends ObjectLiteral> extends UpdateQueryBuilder<E> {
  override async execute(): Promise<UpdateResult> {
    const { mainAlias, valuesSet } = this.expressionMap
    if (mainAlias?.hasMetadata && valuesSet) {
      const rows = OwnedRows.of(this.dataSource)
      await rows?.requireReferences(mainAlias.metadata, [valuesSet], this.queryRunner)
    }
    return audited(this, 'update', () => super.execute())
  }

  protected override createUpdateExpression(): string {
    const { expressionMap } = this
    const { mainAlias } = expressionMap
    if (mainAlias?.hasMetadata) {
      OwnedRows.of(this.dataSource)?.requireUnmoved(mainAlias.metadata, expressionMap.valuesSet)
      expressionMap.valuesSet = Object.assign({}, expressionMap.valuesSet, authorChanges(mainAlias.metadata))
    }
    return super.createUpdateExpression()
  }

  override where(...[where, parameters]: Parameters<UpdateQueryBuilder<E>['where']>): this {
    requireCriteria(where, parameters)
    return super.where(where, parameters)
  }

  override andWhere(...[where, parameters]: Parameters<UpdateQueryBuilder<E>['andWhere']>): this {
    requireCriteria(where, parameters)
    return super.andWhere(where, parameters)
  }

  override orWhere(...[where, parameters]: Parameters<UpdateQueryBuilder<E>['orWhere']>): this {
    requireCriteria(where, parameters)
    return super.orWhere(where, parameters)
  }

  protected override createWhereExpression(): string {
    return filtered(this as unknown as Builder, () => super.createWhereExpression())
  }
}

class GuardedDelete<E extends ObjectLiteral> extends DeleteQueryBuilder<E> {
  override execute(): Promise<DeleteResult> {
    return audited(this, 'delete', () => super.execute())
  }

  override where(...[where, parameters]: Parameters<DeleteQueryBuilder<E>['where']>): this {
    requireCriteria(where, parameters)
    return super.where(where, parameters)
  }

  override andWhere(...[where, parameters]: Parameters<DeleteQueryBuilder<E>['andWhere']>): this {
    requireCriteria(where, parameters)
    return super.andWhere(where, parameters)
  }

  override orWhere(...[where, parameters]: Parameters<DeleteQueryBuilder<E>['orWhere']>): this {
    requireCriteria(where, parameters)
    return super.orWhere(where, parameters)
  }

  protected override createWhereExpression(): string {
    return filtered(this as unknown as Builder, () => super.createWhereExpression())
  }
}

class GuardedSoftDelete<E extends ObjectLiteral> extends SoftDeleteQueryBuilder<E> {
  override execute(): Promise<UpdateResult> {
    return audited(this, 'update', () => super.execute())
  }

  override where(...[where, parameters]: Parameters<SoftDeleteQueryBuilder<E>['where']>): this {
    requireCriteria(where, parameters)
    return super.where(where, parameters)
  }

  override andWhere(...[where, parameters]: Parameters<SoftDeleteQueryBuilder<E>['andWhere']>): this {
    requireCriteria(where, parameters)
    return super.andWhere(where, parameters)
  }

  override orWhere(...[where, parameters]: Parameters<SoftDeleteQueryBuilder<E>['orWhere']>): this {
    requireCriteria(where, parameters)
    return super.orWhere(where, parameters)
  }

  protected override createWhereExpression(): string {
    return filtered(this as unknown as Builder, () => super.createWhereExpression())
  }
}

function requireCriteria(where: unknown, parameters: ObjectLiteral | undefined): void {
  if (typeof where === 'object' || where === undefined) requireValues('The query builder', where)
  if (parameters) requireParameters(parameters)
}

function requireParameters(parameters: ObjectLiteral): void {
  for (const [name, value] of Object.entries(parameters)) requireValues('The query builder', value, `:${name}`)
}
