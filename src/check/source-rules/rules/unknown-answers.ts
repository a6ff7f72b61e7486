/**
 * Fields of answers whose type nobody knows when the program runs: the compiler hands on `Object` for `string | null`, and
 * documents and clients say `unknown`. Which ones these are, the running program tells; what was meant stands in the text.
 */
import type { ts as TypeScript } from 'ts-morph'

import { DOC, emittedType, RETURNS, type AbstractClass } from '../../../../decorators/index.ts'
import { OutputModel, type OutputField } from '../../../validation/output-model.ts'
import { constraintsOf, isBuiltIn, isDto, lineageOf } from '../../../validation/validation-metadata.ts'
import { defineDiagnostic } from '../../diagnostic.ts'
import type { SourceProgram } from '../source-program.ts'
import { siteOf, type SourceFinding, type SourceRule } from '../source-rule.ts'
import { meaningOf } from './written-meaning.ts'

export const AnswerFieldUnknown = defineDiagnostic({
  code: 'SOURCE_ANSWER_FIELD_UNKNOWN',
  severity: 'warning',
  message: (field: string, written: string, _fix: string) =>
    `${field} is answered as ${written}, of which nothing is left when the program runs: documents and clients say unknown.`,
  help: (_field, _written, fix) => `Write ${fix} above it.`,
})

type Field = TypeScript.PropertyDeclaration | TypeScript.GetAccessorDeclaration

export const unknownAnswers: SourceRule = (program) => {
  const found = new Map<TypeScript.Node, SourceFinding>()
  for (const model of answeredModels(program)) {
    for (const field of new OutputModel(model).fields) {
      if (isKnown(model, field)) continue
      const written = writtenField(program, model, field.property)
      const type = written && meaningOf(program.syntax, written.node)
      if (!written || !type) continue
      const at = siteOf(written.node.name)
      const name = `${written.owner}.${field.property}`
      found.set(written.node, { diagnostic: AnswerFieldUnknown({ at }, name, type.text, type.fix) })
    }
  }
  return { found: [...found.values()] }
}

/** Classes of `@Returns` and declared results, and those of their fields. */
function answeredModels({ graph }: SourceProgram): ReadonlySet<AbstractClass> {
  const models = new Set<AbstractClass>()
  const add = (type: unknown): void => {
    if (typeof type !== 'function' || isBuiltIn(type) || models.has(type as AbstractClass)) return
    const model = type as AbstractClass
    if (!isDto(model)) return
    models.add(model)
    for (const field of new OutputModel(model).fields) for (const each of typesOf(field)) add(each)
  }
  for (const { type, method, route, returns } of graph.endpoints) {
    if (!route || DOC.read(type, method)?.hidden) continue
    for (const fact of RETURNS.read(type, method)) add(fact.type)
    add(returns)
  }
  return models
}

function typesOf({ typed, emitted, property }: OutputField): readonly unknown[] {
  if (!typed) return [emitted]
  const { discriminator } = typed.options
  if (discriminator) return discriminator.subTypes.map(({ value }) => value)
  return typed.typeFunction.length > 0 ? [] : [typed.typeFunction({ newObject: {}, object: {}, property })]
}

const LISTS: ReadonlySet<unknown> = new Set([Array, Set, Map])
/** Rules that say when a value is asked about, or that there is one, and not of what type it is. */
const SILENT: ReadonlySet<string> = new Set(['conditionalValidation', 'whitelistValidation', 'isDefined'])

function isKnown(model: AbstractClass, { property, typed }: OutputField): boolean {
  const doc = DOC.read(model, property)
  if (doc?.schema !== undefined || doc?.hidden === true || typed) return true
  const emitted = emittedType(model.prototype as object, property)
  const isList = LISTS.has(emitted)
  if (!isList && emitted !== Object && emitted !== undefined) return true
  return constraintsOf(model).some(
    (rule) => rule.propertyName === property && !SILENT.has(rule.type) && (!isList || rule.each === true),
  )
}

/** Where the field is written: in the class, or in one that it extends. */
function writtenField(
  { syntax, classes }: SourceProgram,
  model: AbstractClass,
  property: string,
): { readonly node: Field; readonly owner: string } | undefined {
  for (const { name } of lineageOf(model)) {
    const node = classes
      .named(name)
      ?.node.members.find(
        (member): member is Field =>
          (syntax.isPropertyDeclaration(member) || syntax.isGetAccessorDeclaration(member)) &&
          member.name.getText() === property,
      )
    if (node) return { node, owner: name }
  }
  return undefined
}
