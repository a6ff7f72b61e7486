/** What entities say by their decorators, for check rules: nothing is connected yet. */
import type { ModuleGraph } from 'tenon'
import { REPOSITORY, type AbstractClass } from 'tenon/decorators'
import { DefaultNamingStrategy, getMetadataArgsStorage } from 'typeorm'

export interface DeclaredRelation {
  readonly property: string
  readonly target: AbstractClass
  /** Whether the entity's own table, or a junction table of it, holds the key. */
  readonly isOwner: boolean
}

/** The entities that modules list and repositories are for. */
export function entitiesOf({ modules, providers }: ModuleGraph): readonly AbstractClass[] {
  const listed = modules.flatMap(({ options }) => options.entities ?? [])
  const repositories = providers.flatMap(({ implementation }) => {
    const entity = implementation && REPOSITORY.read(implementation)
    return entity ? [entity] : []
  })
  return [...new Set<AbstractClass>([...listed, ...repositories])]
}

/** Its own relations and those of the classes above it, as far as they name a class. */
export function declaredRelations(entity: AbstractClass): readonly DeclaredRelation[] {
  const { relations, joinColumns, joinTables } = getMetadataArgsStorage()
  return relations
    .filter(({ target }) => isOf(entity, target))
    .flatMap(({ target, propertyName, relationType, type }) => {
      const named: unknown =
        typeof type === 'function' && type.prototype === undefined ? (type as () => unknown)() : type
      if (typeof named !== 'function') return []
      const hasKey = [...joinColumns, ...joinTables].some(
        (each) => each.target === target && each.propertyName === propertyName,
      )
      const isOwner = relationType === 'many-to-one' || hasKey
      return [{ property: propertyName, target: named as AbstractClass, isOwner }]
    })
}

/** The name of its table in the database, in lower case; none for a class that is no entity. */
export function declaredTable(entity: AbstractClass): string | undefined {
  const table = getMetadataArgsStorage().tables.find(({ target }) => target === entity)
  return table && new DefaultNamingStrategy().tableName(entity.name, table.name).toLowerCase()
}

/** The properties that are unique together, each by one list; those that name a relation or column by a function are left out. */
export function declaredUniques(entity: AbstractClass): readonly (readonly string[])[] {
  const { uniques, indices } = getMetadataArgsStorage()
  return [...uniques, ...indices.filter(({ unique }) => unique)]
    .filter(({ target }) => isOf(entity, target))
    .flatMap(({ columns }) => (Array.isArray(columns) ? [columns] : []))
}

function isOf(entity: AbstractClass, target: unknown): boolean {
  return typeof target === 'function' && (target === entity || entity.prototype instanceof target)
}
