/** How a resource is served: what is asked and answered, who may, and what does it. */
import type { Column } from '../fields/column.ts'
import { Imports } from '../print-import.ts'
import { holes, filtersOf, addEnums, writeErrors, wordsOf, type Part } from './part.ts'

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

function markOf({ field }: Column): string {
  return field.isOptional || field.byDefault !== undefined ? '?' : '!'
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

const LEFT_OUT = '\u0000'

/** Lines that a decision left out. */
function leaveOut(text: string): string {
  return text.replaceAll(`${LEFT_OUT}\n`, '')
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
