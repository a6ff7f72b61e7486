/** Which columns a condition can be about in SQL, so that it says there what it says in memory. */
import type { Kind } from '../conditions/values.ts'

export type ColumnKind = Kind | 'uuid' | 'enum'

/** Of `EntityMetadata`, or of decorators alone. */
interface ColumnType {
  readonly type: unknown
  readonly isArray: boolean
}

const TYPES: ReadonlyMap<unknown, ColumnKind> = new Map<unknown, ColumnKind>([
  ...each('text', [String, 'varchar', 'character varying', 'nvarchar', 'text', 'tinytext', 'mediumtext', 'longtext']),
  ...each('enum', ['enum', 'simple-enum']),
  ...each('uuid', ['uuid']),
  ...each('number', [Number, 'int', 'integer', 'int2', 'int4', 'smallint', 'mediumint', 'tinyint']),
  ...each('number', ['double', 'double precision', 'float8']),
  ...each('boolean', [Boolean, 'boolean', 'bool']),
  ...each('time', [Date, 'datetime', 'timestamp', 'timestamp without time zone']),
  ...each('time', ['timestamptz', 'timestamp with time zone']),
])

/**
 * `undefined`: no. TypeORM hands decimals and big integers over as text, the server keeps fewer digits of a `real` than
 * a number has, and `char`, `citext`, `date`, JSON and arrays compare by rules of their own.
 */
export function columnKind({ type, isArray }: ColumnType): ColumnKind | undefined {
  return isArray ? undefined : TYPES.get(type)
}

function each(kind: ColumnKind, types: readonly unknown[]): readonly (readonly [unknown, ColumnKind])[] {
  return types.map((type) => [type, kind] as const)
}
