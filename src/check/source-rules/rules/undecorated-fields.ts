/** Fields of request models without any rule: strict validation refuses them as unknown, to everybody's surprise. */
import type { ts as TypeScript } from 'ts-morph'

import { defineDiagnostic } from '../../diagnostic.ts'
import type { ClassSource } from '../class-index.ts'
import type { SourceProgram } from '../source-program.ts'
import { decoratorsOf } from '../class-index.ts'
import { siteOf, type SourceFinding, type SourceRule } from '../source-rule.ts'

export const FieldUndecorated = defineDiagnostic({
  code: 'SOURCE_FIELD_UNDECORATED',
  severity: 'warning',
  message: (field: string, _model: string) => `${field} has no rule, so a request that sends it is refused.`,
  help: 'Say what it may be (@IsString(), @IsOptional(), ...); @Allow() takes anything.',
})

export const undecoratedFields: SourceRule = (program) => {
  const found: SourceFinding[] = []
  for (const lineage of requestModels(program).map((model) => lineageOf(program, model))) {
    const isValidated = lineage.some((each) => fieldsOf(program, each).some((field) => isDecorated(program, field)))
    for (const model of isValidated ? lineage : []) {
      for (const field of fieldsOf(program, model)) {
        if (isDecorated(program, field)) continue
        const name = `${model.name}.${field.name.getText()}`
        found.push({ diagnostic: FieldUndecorated({ at: siteOf(field.name) }, name, model.name) })
      }
    }
  }
  return { found }
}

/** The class and those it extends, as far as the sources show them. */
function lineageOf(program: SourceProgram, model: ClassSource): readonly ClassSource[] {
  const parent = program.classes.named(model.parent)
  return parent ? [model, ...lineageOf(program, parent)] : [model]
}

/** What a request could fill. */
function fieldsOf({ syntax }: SourceProgram, { node }: ClassSource): readonly TypeScript.PropertyDeclaration[] {
  return node.members
    .filter(syntax.isPropertyDeclaration)
    .filter(
      ({ name, modifiers }) =>
        !name.getText().startsWith('#') && !modifiers?.some(({ kind }) => HIDDEN(syntax).includes(kind)),
    )
}

function isDecorated({ syntax }: SourceProgram, field: TypeScript.PropertyDeclaration): boolean {
  return decoratorsOf(syntax, field).length > 0
}

const HIDDEN = ({ SyntaxKind }: SourceProgram['syntax']): readonly number[] => [
  SyntaxKind.StaticKeyword,
  SyntaxKind.PrivateKeyword,
  SyntaxKind.ProtectedKeyword,
  SyntaxKind.DeclareKeyword,
]

/** Classes that a parameter of a handler is declared with. */
function requestModels({ syntax, classes }: SourceProgram): readonly ClassSource[] {
  const models = new Set<ClassSource>()
  for (const type of classes.all) {
    for (const method of type.methods) {
      for (const parameter of method.node.parameters) {
        const isBound = decoratorsOf(syntax, parameter).some(({ name }) => ['Body', 'Query', 'Param'].includes(name))
        const model = isBound && parameter.type ? classes.named(parameter.type.getText()) : undefined
        if (model) models.add(model)
      }
    }
  }
  return [...models]
}
