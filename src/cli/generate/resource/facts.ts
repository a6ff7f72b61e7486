/** What all files of a resource are made of: names, columns, relations, and where each file stands. */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

import { decoratorsOf } from '../../../check/source-rules/class-index.ts'
import { columnOf, type Column, type Target } from '../fields/column.ts'
import type { Field } from '../fields/field.ts'
import { TargetMissing } from '../generate-errors.ts'
import { importPath, type Layout } from '../layout.ts'
import { namesOf, type Names } from '../names.ts'
import { findClass, findEntity } from '../source/find-entity.ts'
import { nextTimestamp } from '../timestamp.ts'

/** A `hasMany`: the other entity gets the column, which is empty for rows that are there already. */
export interface Collection {
  readonly field: Field
  readonly target: Target
  /** Of the other entity. */
  readonly names: Names
  readonly table: string
}

export class ResourceFacts {
  readonly names: Names
  readonly layout: Layout
  readonly columns: readonly Column[]
  readonly collections: readonly Collection[]
  /** The class of the migration. */
  readonly migration: string

  /** @throws `GENERATE_TARGET_MISSING` for a relation that leads nowhere. */
  constructor(names: Names, fields: readonly Field[], layout: Layout) {
    this.names = names
    this.layout = layout
    this.migration = `Create${names.types}${nextTimestamp(layout)}`
    this.columns = fields
      .filter(({ type }) => type !== 'hasMany')
      .map((field) => columnOf(field, names.type, field.type === 'belongsTo' ? this.#target(field) : undefined))
    this.collections = fields.filter(({ type }) => type === 'hasMany').map((field) => this.#collection(field))
  }

  /** @param name - Without ending: `product-view`. */
  file(name: string): string {
    return join(this.layout.source, this.names.files, `${name}.ts`)
  }

  get testFile(): string {
    const { tests } = this.layout
    return join(tests, this.names.files, `${this.names.files}.test.ts`)
  }

  /** How one file imports another. */
  path(from: string, to: string): string {
    return importPath(this.layout, from, to)
  }

  /** The columns that lead to other entities. */
  get relations(): readonly (Column & { readonly target: Target })[] {
    return this.columns.filter((column): column is Column & { target: Target } => column.target !== undefined)
  }

  tableOf(target: Target): string {
    return tableOf(this.layout, target)
  }

  #target(field: Field): Target {
    const found = findEntity(this.layout, field.target)
    if (!found) throw new TargetMissing(field.name, `no source declares an entity ${field.target}`)
    if (!found.factory) {
      throw new TargetMissing(field.name, `${field.target} has no factory that tests could make one with`)
    }
    return found
  }

  #collection(field: Field): Collection {
    const found = findEntity(this.layout, field.target)
    if (!found) throw new TargetMissing(field.name, `no source declares an entity ${field.target}`)
    const text = readFileSync(found.file, 'utf8')
    if (new RegExp(String.raw`\b${this.names.one}(?:Id)?[!?]?:`).test(text)) {
      throw new TargetMissing(field.name, `${relative(this.layout.folder, found.file)} has ${this.names.one} already`)
    }
    return { field, target: found, names: namesOf(field.target), table: this.tableOf(found) }
  }
}

/** `@Entity('orders')`, else what TypeORM makes of the class name. */
function tableOf(layout: Layout, { type, file }: Target): string {
  const { syntax } = layout
  const found = findClass({ syntax, files: [file] }, (node) => node.name?.text === type)
  const [argument] = found
    ? (decoratorsOf(syntax, found.node).find(({ name }) => name === 'Entity')?.arguments ?? [])
    : []
  if (argument && syntax.isStringLiteral(argument)) return argument.text
  const named = argument && /\bname:\s*['"]([^'"]+)/.exec(argument.getText())?.[1]
  return named ?? type.replaceAll(/(?<=[a-z\d])([A-Z])/g, '_$1').toLowerCase()
}
