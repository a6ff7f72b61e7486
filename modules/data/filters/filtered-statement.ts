/** The conditions of filters and owners in a statement: on what it begins with, on what it joins, and on links. */
import type { EntityMetadata, ObjectLiteral, SelectQueryBuilder } from 'typeorm'
import type { WhereClause } from 'typeorm/query-builder/WhereClause.js'

import { OwnedRows } from '../owners/owned-rows.ts'
import { filterCriteria } from './filter-criteria.ts'

/** What all builders have, of which TypeORM declares the half as protected. */
export interface Builder {
  readonly expressionMap: SelectQueryBuilder<ObjectLiteral>['expressionMap']
  getWhereCondition(where: ObjectLiteral | ObjectLiteral[]): WhereClause['condition']
  getWherePredicateCondition(path: string, value: unknown): WhereClause['condition']
  createWhereConditionExpression(condition: WhereClause['condition'], alwaysWrap?: boolean): string
  createParameter(value: unknown): string
}

/** Adds the filters where TypeORM lets something be added to every alternative. */
export function filtered(builder: Builder, createWhere: () => string): string {
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
  const ofLinks = mainAlias?.hasMetadata ? linkConditions(builder, mainAlias.metadata, queryType) : []
  const filters = [...ofMain, ...ofLinks, ...others.flatMap((each) => conditionsOn(builder, each.metadata, each.name))]
  expressionMap.extraAppendedAndWhereCondition = and([own, ...filters])
  try {
    return createWhere()
  } finally {
    expressionMap.extraAppendedAndWhereCondition = own
  }
}

/** Rows of a junction table belong to whom they link: only the links between one's own are taken away. */
function linkConditions(builder: Builder, metadata: EntityMetadata, queryType: string): readonly string[] {
  const rows = OwnedRows.of(metadata.dataSource)
  if (!rows || !metadata.isJunction || queryType === 'select') return []
  return rows.linkConditions(metadata, (owner) => builder.createParameter(owner))
}

/** Conditions on an alias that is not the one the statement begins with. */
export function conditionsOn(builder: Builder, metadata: EntityMetadata, alias: string): readonly string[] {
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

export function and(conditions: readonly string[]): string {
  const said = conditions.filter((condition) => condition !== '')
  return said.length < 2 ? said.join('') : `(${said.join(') AND (')})`
}
