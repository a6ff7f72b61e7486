/** A field of an entity, as it was asked for: `price:decimal?:index=0`. */

export const FIELD_TYPES = [
  'string',
  'text',
  'integer',
  'number',
  'decimal',
  'boolean',
  'date',
  'datetime',
  'uuid',
  'json',
  'enum',
  'email',
  'url',
  'belongsTo',
  'hasMany',
] as const
export type FieldType = (typeof FIELD_TYPES)[number]

export interface Field {
  /** As it was written; of `belongsTo` the relation, whose column is `<name>Id`. */
  readonly name: string
  readonly type: FieldType
  readonly isOptional: boolean
  readonly isUnique: boolean
  readonly isIndexed: boolean
  /** Of an enum. */
  readonly values: readonly string[]
  /** The entity that a relation leads to: `Customer`. */
  readonly target: string
  readonly byDefault: string | number | boolean | undefined
}
