/** What decorators say of a property of an entity, before any database is opened: for checks. */
import type { AbstractClass } from 'tenon/decorators'
import { getMetadataArgsStorage } from 'typeorm'

export type FieldDescription =
  | {
      readonly kind: 'column'
      /** As written, or what the compiler emitted: `varchar`, `String`. */
      readonly type: unknown
      readonly isArray: boolean
      readonly isTransformed: boolean
    }
  | { readonly kind: 'toOne'; readonly entity: AbstractClass }
  | { readonly kind: 'toMany' }
  | { readonly kind: 'none' }
  /** The class is no entity of TypeORM. */
  | { readonly kind: 'foreign' }

const MODE_TYPES: Readonly<Record<string, unknown>> = {
  createDate: Date,
  updateDate: Date,
  deleteDate: Date,
  version: Number,
}

/** @param path - Through embedded parts and to-one relations: `['project', 'ownerId']`. */
export function describeField(entity: AbstractClass, path: readonly string[]): FieldDescription {
  const { tables } = getMetadataArgsStorage()
  const line = lineage(entity)
  return tables.some(({ target }) => line.includes(target)) ? describe(entity, path) : { kind: 'foreign' }
}

function describe(entity: AbstractClass, path: readonly string[]): FieldDescription {
  const [name, ...rest] = path
  const storage = getMetadataArgsStorage()
  const isOwn = ({ target, propertyName }: { target: unknown; propertyName: string }): boolean =>
    propertyName === name && lineage(entity).includes(target)
  const column = storage.columns.find(isOwn)
  if (column && rest.length === 0) {
    const { options, mode } = column
    const generated = storage.generations.find(isOwn)
    const type = options.type ?? (generated?.strategy === 'uuid' ? 'uuid' : MODE_TYPES[mode])
    return { kind: 'column', type, isArray: options.array === true, isTransformed: options.transformer !== undefined }
  }
  const embedded = storage.embeddeds.find(isOwn)
  if (embedded) {
    return embedded.isArray ? { kind: 'toMany' } : describe(embedded.type() as AbstractClass, rest)
  }
  const relation = storage.relations.find(isOwn)
  if (!relation) return { kind: 'none' }
  if (relation.relationType === 'one-to-many' || relation.relationType === 'many-to-many') return { kind: 'toMany' }
  const related = relatedEntity(relation.type)
  if (!related) return { kind: 'none' }
  return rest.length === 0 ? { kind: 'toOne', entity: related } : describe(related, rest)
}

/** Relations name their entity by a function, or as text that only the data source resolves. */
function relatedEntity(type: unknown): AbstractClass | undefined {
  if (typeof type !== 'function') return undefined
  return type.prototype === undefined ? ((type as () => unknown)() as AbstractClass) : (type as AbstractClass)
}

function lineage(type: AbstractClass): readonly unknown[] {
  const line: unknown[] = []
  for (let each: unknown = type; typeof each === 'function' && each !== Function.prototype;) {
    line.push(each)
    each = Object.getPrototypeOf(each)
  }
  return line
}
