/** A file of a resource: where it stands, and what its template is filled with. What several of them say is here. */
import { enumNames, type Column } from '../fields/column.ts'
import type { Layout } from '../layout.ts'
import type { NewFile } from '../plan.ts'
import type { Imports } from '../print-import.ts'
import type { Render } from '../templates.ts'
import type { ResourceFacts } from './facts.ts'

export type Part = (facts: ResourceFacts, render: Render) => NewFile

/** What every template may say. */
export function holes({ names, columns, collections, relations, layout, migration }: ResourceFacts): object {
  return {
    indexOf: (column: Column) => indexOf(column, layout),
    uniques: layout.usesTenancy ? columns.filter(({ field }) => field.isUnique).map(({ name }) => name) : [],
    names,
    collections,
    relations,
    migration,
    columns: columns.map((each) => ({ ...each, factoryName: each.target?.factory?.name })),
    path: names.files,
    article: /^[aeiou]/.test(names.text) ? 'an' : 'a',
    Article: /^[aeiou]/.test(names.text) ? 'An' : 'A',
    Texts: names.texts[0]!.toUpperCase() + names.texts.slice(1),
    usesAccess: layout.usesAccess,
    usesAuth: layout.usesAuth,
    usesTenancy: layout.usesTenancy,
  }
}

/** Lists are asked for rows with one value; of a request for a list all is optional, and arrives as text. */
export function filtersOf(
  columns: readonly Column[],
): readonly (Column & { readonly filterRules: readonly string[] })[] {
  return columns
    .filter(({ isFilter }) => isFilter)
    .map((column) => ({
      ...column,
      filterRules: column.rules.filter((rule) => !/^(?:IsOptional|ValidateIf)/.test(rule)),
    }))
}

export function isIndexed({ field, target }: Column): boolean {
  return field.isIndexed || field.isUnique || target !== undefined
}

/** What stands above the column; what is unique among the rows of a tenant stands above the class. */
function indexOf(column: Column, layout: Layout): string | undefined {
  if (!isIndexed(column)) return undefined
  if (!column.field.isUnique) return '@Index()'
  return uniqueBeside(layout).length === 0 ? '@Index({ unique: true })' : undefined
}

/** Two tenants may have the same. */
export function uniqueBeside({ usesTenancy }: Layout): readonly string[] {
  return usesTenancy ? ['tenantId'] : []
}

export function addEnums(imports: Imports, facts: ResourceFacts, file: string, columns: readonly Column[]): void {
  for (const { field } of columns) {
    if (field.type !== 'enum') continue
    const { type, constant } = enumNames(field, facts.names.type)
    imports.add(facts.path(file, facts.file(facts.names.file)), `type ${type}`, constant)
  }
}

/** What writing may be refused for, beside the rules of requests. */
export function writeErrors({
  columns,
  relations,
}: ResourceFacts): readonly { readonly name: string; readonly code: string }[] {
  return [
    ...(columns.some(({ field }) => field.isUnique) ? [{ name: 'DuplicateRow', code: 'DATA_DUPLICATE_ROW' }] : []),
    ...(relations.length > 0 ? [{ name: 'ReferenceMissing', code: 'DATA_REFERENCE_MISSING' }] : []),
  ]
}

/** `Min` of `Min(1)`. */
export function wordsOf(rule: string): string {
  return rule.replace(/\(.*/s, '')
}
