/** Keys and passwords written into the program: whoever reads the repository has them, and none can be changed. */
import type { ts as TypeScript } from 'ts-morph'

import { defineDiagnostic } from '../../diagnostic.ts'
import { siteOf, walk, type SourceFinding, type SourceRule } from '../source-rule.ts'

export const SecretWritten = defineDiagnostic({
  code: 'SOURCE_SECRET_WRITTEN',
  severity: 'warning',
  message: (place: string) => `${place} is written into the program, where everybody who reads it has it.`,
  help: 'Make it a field with @Env() of a @Config() class, without a default.',
})

const SECRET_NAME = /^(?:\w*(?:secret|privateKey|apiKey|accessKey|signingKey)|password|passphrase|jwtKey)$/i
/** The argument that is a key, by function. */
const KEY_ARGUMENTS: Readonly<Record<string, number>> = { createHmac: 1, sign: 1, verify: 1, createCipheriv: 1 }

export const writtenSecrets: SourceRule = ({ syntax, files }) => {
  const found: SourceFinding[] = []
  const report = (node: TypeScript.Node, place: string): void => {
    found.push({ diagnostic: SecretWritten({ at: siteOf(node) }, place) })
  }
  for (const file of files) {
    walk(syntax, file, (node) => {
      if (
        syntax.isPropertyAssignment(node) ||
        syntax.isVariableDeclaration(node) ||
        syntax.isPropertyDeclaration(node)
      ) {
        const name = node.name.getText().replace(/^[#'"]|['"]$/g, '')
        if (node.initializer && isSecret(syntax, node.initializer) && SECRET_NAME.test(name))
          report(node.initializer, name)
      }
      if (!syntax.isCallExpression(node)) return
      const callee = node.expression.getText().replace(/^.*\./s, '')
      const key = Object.hasOwn(KEY_ARGUMENTS, callee) ? node.arguments[KEY_ARGUMENTS[callee]!] : undefined
      if (key && isSecret(syntax, key)) report(key, `The key of ${callee}()`)
    })
  }
  return { found }
}

/** A text that could be one: no sentence, no name of a field, nothing empty. */
function isSecret(syntax: Parameters<typeof walk>[0], node: TypeScript.Expression): boolean {
  return syntax.isStringLiteralLike(node) && /^\S{6,}$/.test(node.text)
}
