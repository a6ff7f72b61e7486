/** How values of Kotlin become JSON and come out of it, where no library does it: expressions by type. */
import type { NamedType, TypeRef } from '../model/named-types.ts'

/** The types of one client, by name: what is called by a name is written in different ways. */
export type TypesByName = ReadonlyMap<string, NamedType>

/** @param value - An expression of what was parsed. */
export function decoded(ref: TypeRef, value: string, types: TypesByName): string {
  switch (ref.kind) {
    case 'text':
      return `${value} as String`
    case 'number':
      return `(${value} as Number).toDouble()`
    case 'whole':
      return `(${value} as Number).toLong()`
    case 'truth':
      return `${value} as Boolean`
    case 'moment':
      return `Instant.parse(${value} as String)`
    case 'list':
      return `(${value} as List<*>).map { ${decoded(ref.of, 'it', types)} }`
    case 'map':
      return `(${value} as Map<*, *>).entries.associate { (it.key as String) to (${decoded(ref.of, 'it.value', types)}) }`
    case 'maybe':
      return ref.of.kind === 'any' ? value : `${value}?.let { ${decoded(ref.of, 'it', types)} }`
    case 'named':
      return decodedNamed(ref.name, value, types)
    default:
      return value
  }
}

function decodedNamed(name: string, value: string, types: TypesByName): string {
  const type = types.get(name)
  if (type?.kind === 'texts') return `${name}.of(${value} as String)`
  return type?.kind === 'alias' ? decoded(type.type, value, types) : `${name}.fromJson(${value})`
}

/** @param value - An expression of the type. */
export function encoded(ref: TypeRef, value: string, types: TypesByName): string {
  switch (ref.kind) {
    case 'moment':
      return `${value}.toString()`
    case 'list':
      return isPlain(ref.of, types) ? value : `${value}.map { ${encoded(ref.of, 'it', types)} }`
    case 'map':
      return isPlain(ref.of, types) ? value : `${value}.mapValues { ${encoded(ref.of, 'it.value', types)} }`
    case 'maybe':
      return isPlain(ref.of, types) ? value : `${value}?.let { ${encoded(ref.of, 'it', types)} }`
    case 'named': {
      const type = types.get(ref.name)
      if (type?.kind === 'texts') return `${value}.value`
      return type?.kind === 'alias' ? encoded(type.type, value, types) : `${value}.toJson()`
    }
    default:
      return value
  }
}

function isPlain(ref: TypeRef, types: TypesByName): boolean {
  return encoded(ref, 'it', types) === 'it'
}
