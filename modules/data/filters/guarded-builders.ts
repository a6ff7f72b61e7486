/**
 * TypeORM's query builders with two additions: the filters of every entity that a statement touches, and no criteria
 * without a value. All of TypeORM builds its statements with them, so nothing passes by: finds, relations, counts, saves.
 */
import {
  DeleteQueryBuilder,
  SelectQueryBuilder,
  UpdateQueryBuilder,
  type DataSource,
  type EntityMetadata,
  type ObjectLiteral,
  type QueryRunner,
} from 'typeorm'
import type { WhereClause } from 'typeorm/query-builder/WhereClause.js'
import { SoftDeleteQueryBuilder } from 'typeorm/query-builder/SoftDeleteQueryBuilder.js'

import { authorChanges } from '../audit/author-subscriber.ts'
import { requireValues } from '../criteria.ts'
import { filterCriteria } from './filter-criteria.ts'
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

/** What all builders have, of which TypeORM declares the half as protected. */
interface Builder {
  readonly expressionMap: SelectQueryBuilder<ObjectLiteral>['expressionMap']
  getWhereCondition(where: ObjectLiteral | ObjectLiteral[]): WhereClause['condition']
  getWherePredicateCondition(path: string, value: unknown): WhereClause['condition']
  createWhereConditionExpression(condition: WhereClause['condition'], alwaysWrap?: boolean): string
}

class GuardedSelect<E extends ObjectLiteral> extends SelectQueryBuilder<E> {
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

  override setParameters(parameters: ObjectLiteral): this {
    requireParameters(parameters)
    return super.setParameters(parameters)
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

class GuardedUpdate<E extends ObjectLiteral> extends UpdateQueryBuilder<E> {
  protected override createUpdateExpression(): string {
    const { expressionMap } = this
    const { mainAlias } = expressionMap
    if (mainAlias?.hasMetadata) {
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

/** Adds the filters where TypeORM lets something be added to every alternative. */
function filtered(builder: Builder, createWhere: () => string): string {
  const { expressionMap } = builder
  const { mainAlias, queryType, extraAppendedAndWhereCondition: own } = expressionMap
  const others = expressionMap.aliases.filter(
    // A clone of a builder has a copy of its main alias among the aliases.
    ({ name, type, hasMetadata }) => name !== mainAlias?.name && type === 'from' && hasMetadata,
  )
  const ofMain = mainAlias?.hasMetadata
    ? filterCriteria(mainAlias.metadata, queryType).map((alternatives) =>
        builder.createWhereConditionExpression(builder.getWhereCondition([...alternatives]), true),
      )
    : []
  const filters = [...ofMain, ...others.flatMap((each) => conditionsOn(builder, each.metadata, each.name))]
  expressionMap.extraAppendedAndWhereCondition = and([own, ...filters])
  try {
    return createWhere()
  } finally {
    expressionMap.extraAppendedAndWhereCondition = own
  }
}

/** Conditions on an alias that is not the one the statement begins with. */
function conditionsOn(builder: Builder, metadata: EntityMetadata, alias: string): readonly string[] {
  return filterCriteria(metadata, 'select').map((alternatives) => {
    const each = alternatives.map((criteria) =>
      and(
        Object.entries(criteria).map(([name, value]) =>
          builder.createWhereConditionExpression(builder.getWherePredicateCondition(`${alias}.${name}`, value), true),
        ),
      ),
    )
    return each.map((condition) => `(${condition})`).join(' OR ')
  })
}

function and(conditions: readonly string[]): string {
  const said = conditions.filter((condition) => condition !== '')
  return said.length < 2 ? said.join('') : `(${said.join(') AND (')})`
}

function requireCriteria(where: unknown, parameters: ObjectLiteral | undefined): void {
  if (typeof where === 'object' || where === undefined) requireValues('The query builder', where)
  if (parameters) requireParameters(parameters)
}

function requireParameters(parameters: ObjectLiteral): void {
  for (const [name, value] of Object.entries(parameters)) requireValues('The query builder', value, `:${name}`)
}
