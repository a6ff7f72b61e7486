/** How a resource is kept: entity, migration, repository, and rows for tests. */
import { enumNames } from '../fields/column.ts'
import { Imports } from '../print-import.ts'
import { holes, filtersOf, isIndexed, uniqueBeside, type Part } from './part.ts'

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

export const repositoryPart: Part = (facts, render) => {
  const { names, columns } = facts
  const file = facts.file(`${names.file}-repository`)
  const imports = new Imports()
    .add('tenon/data', 'BaseRepository', 'Repository', 'type Page')
    .add(facts.path(file, facts.file(names.file)), names.type)
    .add(facts.path(file, facts.file(`${names.file}-query`)), `${names.type}Query`)
  return { file, text: render('resource/repository', { ...holes(facts), imports, filters: filtersOf(columns) }) }
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
