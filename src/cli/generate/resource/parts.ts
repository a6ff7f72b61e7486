/** The files of a resource: where each stands, and what its template is filled with. */
import { enumNames, type Column } from '../fields/column.ts'
import type { Layout } from '../layout.ts'
import type { NewFile } from '../plan.ts'
import { Imports } from '../print-import.ts'
import type { Render } from '../templates.ts'
import { callsOf } from './calls.ts'
import type { ResourceFacts } from './facts.ts'

export type Part = (facts: ResourceFacts, render: Render) => NewFile

/** Words of TypeORM for columns of these kinds. */
const HALF = { relation: ['ManyToOne', 'JoinColumn', 'type Relation'], index: ['Index'] } as const

export const entityPart: Part = (facts, render) => {
  const { names, columns, collections, relations, layout } = facts
  const file = facts.file(names.file)
  const imports = new Imports().add('tenon/data', 'Column', 'Entity', 'PrimaryGeneratedColumn')
  if (relations.length > 0) imports.add('tenon/data', ...HALF.relation)
  if (columns.some(isIndexed)) imports.add('tenon/data', ...HALF.index)
  if (collections.length > 0) imports.add('tenon/data', 'OneToMany', 'type Relation')
  if (columns.some(({ field }) => field.type === 'decimal')) imports.add('tenon/data', 'type ValueTransformer')
  if (layout.usesTenancy) imports.add('tenon/tenancy', 'TenantScoped')
  for (const { target } of [...relations, ...collections]) {
    if (target.file !== file) imports.add(facts.path(file, target.file), target.type)
  }
  const constants = [
    ...(columns.some(({ field }) => field.type === 'decimal') ? [DECIMAL] : []),
    ...columns.flatMap(({ constant }) => constant ?? []),
  ]
  return {
    file,
    text: render('resource/entity', { ...holes(facts), imports, constants }),
  }
}

const DECIMAL = `/** Some databases answer decimals as text; twelve digits are exact as a number. */
const DECIMAL: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
}`

export const requestsPart: Part = (facts, render) => {
  const { names, columns } = facts
  const file = facts.file(`${names.file}-requests`)
  const imports = new Imports().add(
    'tenon/validation',
    'PartialType',
    ...columns.flatMap(({ rules }) => rules.flatMap(wordsOf)),
  )
  addEnums(imports, facts, file, columns)
  return { file, text: render('resource/requests', { ...holes(facts), imports, mark: markOf }) }
}

export const viewPart: Part = (facts, render) => {
  const { names, columns } = facts
  const file = facts.file(`${names.file}-view`)
  const imports = new Imports().add('tenon/validation', 'Expose', 'Type')
  imports.add('tenon/validation', ...columns.flatMap(({ viewRules }) => viewRules.map(wordsOf)))
  if (columns.some(({ field }) => field.isOptional)) imports.add('tenon', 'Doc')
  addEnums(imports, facts, file, columns)
  return { file, text: render('resource/view', { ...holes(facts), imports }) }
}

export const queryPart: Part = (facts, render) => {
  const { names, columns } = facts
  const file = facts.file(`${names.file}-query`)
  const filters = filtersOf(columns)
  const imports = new Imports().add('tenon/validation', 'IsIn', 'IsInt', 'Max', 'Min')
  if (filters.length > 0) imports.add('tenon/validation', 'IsOptional')
  imports.add('tenon/validation', ...filters.flatMap(({ filterRules }) => filterRules.flatMap(wordsOf)))
  addEnums(imports, facts, file, filters)
  const sortKeys = [
    'id',
    ...columns.filter(({ isSortable }) => isSortable).map(({ name }) => name),
    'createdAt',
    'updatedAt',
  ]
  return { file, text: render('resource/query', { ...holes(facts), imports, filters, sortKeys }) }
}

export const repositoryPart: Part = (facts, render) => {
  const { names, columns } = facts
  const file = facts.file(`${names.file}-repository`)
  const imports = new Imports()
    .add('tenon/data', 'BaseRepository', 'Repository', 'type Page')
    .add(facts.path(file, facts.file(names.file)), names.type)
    .add(facts.path(file, facts.file(`${names.file}-query`)), `${names.type}Query`)
  return { file, text: render('resource/repository', { ...holes(facts), imports, filters: filtersOf(columns) }) }
}

export const policyPart: Part = (facts, render) => {
  const { names } = facts
  const file = facts.file(`${names.file}-policy`)
  const imports = new Imports()
    .add('tenon/access', 'definePolicy', 'known')
    .add(facts.path(file, facts.file(names.file)), names.type)
  return { file, text: render('resource/policy', { ...holes(facts), imports }) }
}

export const servicePart: Part = (facts, render) => {
  const { names } = facts
  const file = facts.file(`${names.files}-service`)
  const imports = new Imports()
    .add('tenon', 'Clock', 'Service')
    .add('tenon/data', 'EntityNotFound', 'Transactional', 'type Page')
    .add(facts.path(file, facts.file(names.file)), names.type)
    .add(facts.path(file, facts.file(`${names.file}-query`)), `${names.type}Query`)
    .add(facts.path(file, facts.file(`${names.file}-repository`)), `${names.type}Repository`)
    .add(facts.path(file, facts.file(`${names.file}-requests`)), `Create${names.type}`, `Update${names.type}`)
  return {
    file,
    text: render('resource/service', {
      ...holes(facts),
      imports,
      writeErrors: writeErrors(facts)
        .map(({ code }) => `\`${code}\``)
        .join(', '),
    }),
  }
}

export const controllerPart: Part = (facts, render) => {
  const { names, layout } = facts
  const file = facts.file(`${names.files}-controller`)
  const errors = writeErrors(facts).map(({ name }) => name)
  const imports = new Imports()
    .add(
      'tenon',
      'Body',
      'Controller',
      'Delete',
      'Get',
      'HttpCode',
      'Param',
      'Patch',
      'Post',
      'Query',
      'Returns',
      'Throws',
    )
    .add('tenon/data', 'EntityNotFound', 'RowReferenced', 'type Page', ...errors)
    .add(facts.path(file, facts.file(names.file)), names.type)
    .add(facts.path(file, facts.file(`${names.file}-query`)), `${names.type}Query`)
    .add(facts.path(file, facts.file(`${names.file}-requests`)), `Create${names.type}`, `Update${names.type}`)
    .add(facts.path(file, facts.file(`${names.file}-view`)), `${names.type}Page`, `${names.type}View`)
    .add(facts.path(file, facts.file(`${names.files}-service`)), `${names.types}Service`)
  if (layout.usesTenancy) imports.add('tenon/tenancy', 'TenantScoped')
  if (!layout.usesAccess) {
    if (layout.usesAuth) imports.add('tenon/auth', 'Authenticated')
    else imports.add('tenon', 'Public')
  } else {
    imports.add('tenon/access', 'Authorize')
    imports.add(facts.path(file, facts.file(`${names.file}-policy`)), `${names.type}Policy`)
  }
  const authorize = (action: string, by?: string): string =>
    layout.usesAccess
      ? `  @Authorize(${names.type}Policy, '${action}'${by === undefined ? '' : `, { by: '${by}' }`})`
      : LEFT_OUT
  return {
    file,
    text: leaveOut(
      render('resource/controller', { ...holes(facts), imports, authorize, writeThrows: errors.join(', ') }),
    ),
  }
}

export const migrationPart: Part = (facts, render) => {
  const { names, columns, collections, relations, layout } = facts
  const file = facts.file(`create-${names.files}`)
  const indices = [
    ...(layout.usesTenancy ? ["columnNames: ['tenantId']"] : []),
    ...columns
      .filter(isIndexed)
      .map(({ name, field }) =>
        [
          `columnNames: [${[...(field.isUnique ? uniqueBeside(layout) : []), name].map((each) => `'${each}'`).join(', ')}]`,
          ...(field.isUnique ? ['isUnique: true'] : []),
        ].join(', '),
      ),
  ]
  const imports = new Imports().add('tenon/data', 'Table', 'type Migration', 'type QueryRunner')
  if (indices.length > 0 || collections.length > 0) imports.add('tenon/data', 'TableIndex')
  if (layout.usesTenancy) imports.add('tenon/tenancy', 'TenantScoped').add('tenon/data', 'protectRows')
  if (collections.length > 0) imports.add('tenon/data', 'TableColumn', 'TableForeignKey')
  return {
    file,
    text: render('resource/migration', {
      ...holes(facts),
      imports,
      indices,
      asksDatabase: columns.some(
        ({ field: { byDefault } }) => typeof byDefault === 'boolean' || isNegativeFraction(byDefault),
      ),
      truths: TRUTHS.filter(({ value }) => columns.some(({ field }) => field.byDefault === value)),
      collections: collections.map((each) => ({ ...each, key: `from${each.names.types}` })),
      relations: relations.map((each) => ({ ...each, table: facts.tableOf(each.target) })),
    }),
  }
}

function isNegativeFraction(value: unknown): boolean {
  return typeof value === 'number' && value < 0 && !Number.isInteger(value)
}

const TRUTHS = [
  { value: false, word: 'no', postgres: 'false', others: '0' },
  { value: true, word: 'yes', postgres: 'true', others: '1' },
]

export const factoryPart: Part = (facts, render) => {
  const { names, columns } = facts
  const file = facts.file(`${names.file}-factory`)
  const imports = new Imports().add('tenon/data', 'factory').add(facts.path(file, facts.file(names.file)), names.type)
  for (const column of columns) {
    if (column.field.type === 'enum') {
      imports.add(facts.path(file, facts.file(names.file)), enumNames(column.field, names.type).constant)
    }
    if (column.target && !column.field.isOptional) {
      imports.add(facts.path(file, column.target.factory!.file), column.target.factory!.name)
    }
  }
  return { file, text: render('resource/factory', { ...holes(facts), imports }) }
}

export const modulePart: Part = (facts, render) => {
  const { names, migration } = facts
  const file = facts.file(`${names.files}-module`)
  const imports = new Imports()
    .add('tenon', 'Module')
    .add('tenon/data', 'DataModule')
    .add(facts.path(file, facts.file(`create-${names.files}`)), migration)
    .add(facts.path(file, facts.file(`${names.file}-repository`)), `${names.type}Repository`)
    .add(facts.path(file, facts.file(`${names.files}-controller`)), `${names.types}Controller`)
    .add(facts.path(file, facts.file(`${names.files}-service`)), `${names.types}Service`)
  return { file, text: render('resource/module', { ...holes(facts), imports, moduleImports: ['DataModule'] }) }
}

export const testPart: Part = (facts, render) => {
  const { names, columns, layout, relations } = facts
  const file = facts.testFile
  const imports = new Imports()
    .add('tenon/data', 'UnitOfWork')
    .add('tenon/testing', 'testApp')
    .add(facts.path(file, layout.root), 'AppModule')
    .add(facts.path(file, facts.file(`${names.file}-factory`)), names.many)
    .add(facts.path(file, facts.file(`${names.file}-view`)), `type ${names.type}View`)
  const required = relations.filter(({ field }) => !field.isOptional)
  const { usesTenancy } = layout
  if (required.length > 0 || usesTenancy) imports.add('tenon/testing', 'type TestApp')
  if (usesTenancy) imports.add('tenon/tenancy', 'runAsTenant', 'Tenants')
  for (const { target } of required) imports.add(facts.path(file, target.factory!.file), target.factory!.name)
  const made = (factory: string, method: string, ...more: readonly string[]): string => {
    const rows = `${factory}.${method}(${['app.get(UnitOfWork).manager', ...more].join(', ')})`
    return usesTenancy ? `runAsTenant(ANN.tenant, () => ${rows})` : rows
  }
  return {
    file,
    text: render('resource/test', {
      ...holes(facts),
      ...callsOf(layout),
      imports,
      made: (method: string, ...more: readonly string[]) => made(names.many, method, ...more),
      required: required.map((each) => ({ ...each, made: made(each.target.factory!.name, 'create') })),
      request: required.length > 0 ? 'await requestFor(app)' : 'requestFor()',
      requestValues: columns.filter(({ target }) => target === undefined).map(({ name }) => name),
    }),
  }
}

/** What every template may say. */
function holes({ names, columns, collections, relations, layout, migration }: ResourceFacts): object {
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
function filtersOf(columns: readonly Column[]): readonly (Column & { readonly filterRules: readonly string[] })[] {
  return columns
    .filter(({ isFilter }) => isFilter)
    .map((column) => ({
      ...column,
      filterRules: column.rules.filter((rule) => !/^(?:IsOptional|ValidateIf)/.test(rule)),
    }))
}

function markOf({ field }: Column): string {
  return field.isOptional || field.byDefault !== undefined ? '?' : '!'
}

/** `Min` of `Min(1)`. */
function wordsOf(rule: string): string {
  return rule.replace(/\(.*/s, '')
}

function isIndexed({ field, target }: Column): boolean {
  return field.isIndexed || field.isUnique || target !== undefined
}

/** What stands above the column; what is unique among the rows of a tenant stands above the class. */
function indexOf(column: Column, layout: Layout): string | undefined {
  if (!isIndexed(column)) return undefined
  if (!column.field.isUnique) return '@Index()'
  return uniqueBeside(layout).length === 0 ? '@Index({ unique: true })' : undefined
}

/** Two tenants may have the same. */
function uniqueBeside({ usesTenancy }: Layout): readonly string[] {
  return usesTenancy ? ['tenantId'] : []
}

function addEnums(imports: Imports, facts: ResourceFacts, file: string, columns: readonly Column[]): void {
  for (const { field } of columns) {
    if (field.type !== 'enum') continue
    const { type, constant } = enumNames(field, facts.names.type)
    imports.add(facts.path(file, facts.file(facts.names.file)), `type ${type}`, constant)
  }
}

/** What writing may be refused for, beside the rules of requests. */
function writeErrors({
  columns,
  relations,
}: ResourceFacts): readonly { readonly name: string; readonly code: string }[] {
  return [
    ...(columns.some(({ field }) => field.isUnique) ? [{ name: 'DuplicateRow', code: 'DATA_DUPLICATE_ROW' }] : []),
    ...(relations.length > 0 ? [{ name: 'ReferenceMissing', code: 'DATA_REFERENCE_MISSING' }] : []),
  ]
}

const LEFT_OUT = '\u0000'

/** Lines that a decision left out. */
function leaveOut(text: string): string {
  return text.replaceAll(`${LEFT_OUT}\n`, '')
}
