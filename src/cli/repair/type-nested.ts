/** A field that holds a model, of which the source says which one. */
import type { ts as TypeScript } from 'ts-morph'

import type { ClassSource } from '../../check/source-rules/class-index.ts'
import { importsIn, type SourceProgram } from '../../check/source-rules/source-program.ts'
import type { Repairer } from './repair.ts'
import { classIn, importing, writeAbove } from './sources.ts'

/** `Child`, `Child[]`, `readonly Child[]`, `Array<Child>`, and nothing beside but `null` and `undefined`. */
const MODEL =
  /^(?:readonly )?(?:(?:Readonly)?Array<(?<listed>[\w$]+)>|(?<own>[\w$]+)(?:\[\])?)(?: \| (?:null|undefined))*$/

export const typeNested: Repairer = ({ diagnostic }, program) => {
  const { syntax, classes } = program
  const [, name, property] = /^([\w$]+)\.([\w$]+) holds/.exec(diagnostic.message) ?? []
  const type = classes.named(name)
  const field = type && propertyOf(program, type.node, property)
  const { listed, own } = MODEL.exec(field?.type?.getText() ?? '')?.groups ?? {}
  const model = classes.named(listed ?? own)
  if (!type || !model || !isInScope(program, type, model)) return []
  const file = type.file.fileName
  const validators = importsIn(syntax, type.file).map(({ specifier }) => specifier)
  return [
    {
      file,
      what: `@Type(() => ${model.name}) above ${type.name}.${property}`,
      apply: (_syntax, text) => {
        const node = classIn(syntax, text, type.name)
        const written = node && propertyOf(program, node, property)
        return written && writeAbove(text, written, `@Type(() => ${model.name})`)
      },
    },
    importing(file, 'Type', validators.includes('tenon/validation') ? 'tenon/validation' : 'class-transformer'),
  ]
}

function propertyOf(
  { syntax }: SourceProgram,
  node: TypeScript.ClassDeclaration,
  name: string | undefined,
): TypeScript.PropertyDeclaration | undefined {
  return node.members.filter(syntax.isPropertyDeclaration).find((each) => each.name.getText() === name)
}

function isInScope({ syntax }: SourceProgram, { file }: ClassSource, model: ClassSource): boolean {
  if (model.file === file) return true
  return importsIn(syntax, file).some(
    ({ target, typeOnly, names }) =>
      !typeOnly && target === model.file.fileName && names.get(model.name) === model.name,
  )
}
