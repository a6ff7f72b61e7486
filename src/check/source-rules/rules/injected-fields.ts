/** `inject(X)` in a field, of something nobody provides: the constructor's parameters do not show it. */
import type { ts as TypeScript } from 'ts-morph'

import { nearestName } from '../../../config/nearest-name.ts'
import { nameOf } from '../../../graph/module-graph.ts'
import { defineDiagnostic } from '../../diagnostic.ts'
import { injectedToken } from '../class-index.ts'
import type { SourceProgram } from '../source-program.ts'
import { siteOf, type NotProved, type SourceFinding, type SourceRule } from '../source-rule.ts'

export const InjectUnknown = defineDiagnostic({
  code: 'SOURCE_INJECT_UNKNOWN',
  message: (field: string, token: string, _near: string) => `${field} asks for ${token}, which no module provides.`,
  help: (_field, token, near) =>
    `${near === '' ? '' : `Did you mean ${near}? Otherwise: `}add ${token} to \`providers\` of a module, or import the module that provides it.`,
})

export const injectedFields: SourceRule = (program) => {
  const { syntax, classes, graph } = program
  const found: SourceFinding[] = []
  const notProved: NotProved[] = []
  const provided = new Set(graph.providers.map(({ token }) => nameOf(token)))
  const built = new Set(graph.providers.map(({ implementation }) => implementation?.name))
  for (const type of classes.all) {
    if (!built.has(type.name)) continue
    for (const member of type.node.members) {
      if (!syntax.isPropertyDeclaration(member) || !member.initializer) continue
      const token = injectedToken(syntax, member.initializer)
      if (!token) continue
      const name = tokenName(program, token)
      const field = `${type.name}.${member.name.getText()}`
      if (name === undefined) {
        notProved.push({
          rule: InjectUnknown.code,
          reason: `what ${field} asks for is no plain name`,
          at: siteOf(token),
        })
      } else if (!provided.has(name)) {
        const near = nearestName(name, provided) ?? ''
        found.push({ diagnostic: InjectUnknown({ at: siteOf(token) }, field, token.getText(), near) })
      }
    }
  }
  return { found, notProved }
}

/** A class by its name; a constant by the text given to `token()`. */
function tokenName({ syntax, files, classes }: SourceProgram, token: TypeScript.Expression): string | undefined {
  if (!syntax.isIdentifier(token)) return undefined
  if (classes.named(token.text)) return token.text
  for (const file of files) {
    for (const statement of file.statements) {
      if (!syntax.isVariableStatement(statement)) continue
      const declared = statement.declarationList.declarations.find(({ name }) => name.getText() === token.text)
      const initializer = declared?.initializer
      if (!initializer || !syntax.isCallExpression(initializer)) continue
      const [first] = initializer.arguments
      if (first && syntax.isStringLiteralLike(first)) return first.text
    }
  }
  return token.text
}
