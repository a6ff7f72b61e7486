/** What of a change can be made while the version before still runs; the rest has to wait until it is gone. */
import type { TableColumn } from 'typeorm'

export interface Softened {
  /** The column as both versions can use it. */
  readonly column: TableColumn
  /** What waits, in words; none when the whole change harms nobody. */
  readonly waits: string | undefined
}

/** Types that hold everything the one before holds. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  smallint: ['int', 'integer', 'bigint'],
  int: ['bigint'],
  integer: ['bigint'],
  char: ['varchar', 'character varying', 'text'],
  varchar: ['text', 'longtext'],
  'character varying': ['text'],
  real: ['double precision', 'double'],
  float: ['double precision', 'double'],
}

export function softenNew(column: TableColumn): Softened {
  if (!isDemanding(column)) return { column, waits: undefined }
  return { column: optional(column), waits: `${column.name} becomes required` }
}

export function softenDropped(column: TableColumn): Softened {
  return { column: isDemanding(column) ? optional(column) : column, waits: `${column.name} is dropped` }
}

export function softenChanged(old: TableColumn, next: TableColumn): Softened {
  const column = next.clone()
  const waits: string[] = []
  if (old.isNullable && isDemanding(next)) {
    column.isNullable = true
    waits.push(`${next.name} becomes required`)
  }
  if (isNarrower(old, next)) {
    const { type, length, precision, scale, enumName } = old
    Object.assign(column, { type, length, precision, scale, enum: old.enum, enumName })
    waits.push(`${next.name} holds less`)
  }
  return { column, waits: waits.length === 0 ? undefined : waits.join(', ') }
}

/** Whether a change is left at all. */
export function isSame(one: TableColumn, other: TableColumn): boolean {
  return print(one) === print(other)
}

export function optional(column: TableColumn): TableColumn {
  const changed = column.clone()
  changed.isNullable = true
  return changed
}

function print({ type, length, precision, scale, isNullable, isUnique, ...column }: TableColumn): string {
  const { default: value, comment, unsigned } = column as { default?: unknown; comment?: unknown; unsigned?: unknown }
  const size = [length || '', precision ?? '', scale ?? '']
  return JSON.stringify([type, size, isNullable, isUnique, value ?? '', column.enum, comment ?? '', unsigned ?? false])
}

/** A row cannot be written without it. */
function isDemanding(column: TableColumn): boolean {
  const { default: value } = column as { readonly default?: unknown }
  const fillsItself = column.isGenerated || column.generatedType !== undefined || column.isPrimary
  return !column.isNullable && !fillsItself && (value === undefined || value === null)
}

function isNarrower(old: TableColumn, next: TableColumn): boolean {
  if (old.type !== next.type) return !WIDER[old.type]?.includes(next.type)
  if (old.enum && next.enum) return old.enum.some((value) => !next.enum!.includes(value))
  const [was, is] = [Number(old.length), Number(next.length)]
  return is > 0 && (was === 0 || was > is)
}
