/** What proves that a resource works. */
import { Imports } from '../print-import.ts'
import { callsOf } from './calls.ts'
import { holes, type Part } from './part.ts'

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
