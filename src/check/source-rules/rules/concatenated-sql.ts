/** SQL put together from texts: whoever controls a part of it controls the statement. */
import type { ts as TypeScript } from 'ts-morph'

import { defineDiagnostic } from '../../diagnostic.ts'
import type { SourceProgram } from '../source-program.ts'
import { siteOf, walk, type SourceFinding, type SourceRule } from '../source-rule.ts'

export const SqlConcatenated = defineDiagnostic({
  code: 'SOURCE_SQL_CONCATENATED',
  message: (call: string, part: string) => `${call} is given SQL with ${part} written into it.`,
  help: 'Hand the value over as a parameter (`WHERE name = ?`, `:name`), or write the statement as sql`...`.',
})

const STATEMENT = /^\s*(?:select|insert|update|delete|with|merge|replace|create|alter|drop|truncate|grant|set|call)\b/i
/** Methods of query builders whose text goes into the statement as it is. */
const CONDITIONS = new Set([
  'where',
  'andWhere',
  'orWhere',
  'having',
  'andHaving',
  'orHaving',
  'innerJoin',
  'leftJoin',
  'innerJoinAndSelect',
  'leftJoinAndSelect',
  'orderBy',
  'addOrderBy',
  'groupBy',
  'addSelect',
])
const STATEMENTS = new Set(['query', 'execute', 'exec', 'prepare', 'raw', 'unsafe'])

export const concatenatedSql: SourceRule = (program) => {
  const { syntax, files } = program
  const found: SourceFinding[] = []
  for (const file of files) {
    walk(syntax, file, (node) => {
      if (!syntax.isCallExpression(node) || !syntax.isPropertyAccessExpression(node.expression)) return
      const method = node.expression.name.text
      const [first] = node.arguments
      if (!first || !(STATEMENTS.has(method) || CONDITIONS.has(method))) return
      const text = behind(program, first)
      if (!text) return
      const part = foreignPart(program, text)
      if (!part || (STATEMENTS.has(method) && !STATEMENT.test(beginningOf(program, text)))) return
      found.push({ diagnostic: SqlConcatenated({ at: siteOf(first) }, `${method}()`, `\`${part.getText()}\``) })
    })
  }
  return { found }
}

/** The text itself, or what the constant it is kept in was given. */
function behind({ syntax }: SourceProgram, expression: TypeScript.Expression): TypeScript.Expression | undefined {
  if (!syntax.isIdentifier(expression)) return expression
  return declaredIn(syntax, expression)?.initializer
}

/** The first part that is neither fixed text nor a constant of the file. */
function foreignPart(program: SourceProgram, text: TypeScript.Expression): TypeScript.Expression | undefined {
  const { syntax } = program
  return partsOf(program, text).find((part) => !isFixed(syntax, part))
}

/** Parts of a concatenation or template; a single text has none. */
function partsOf(program: SourceProgram, text: TypeScript.Expression): readonly TypeScript.Expression[] {
  const { syntax } = program
  if (syntax.isParenthesizedExpression(text)) return partsOf(program, text.expression)
  if (syntax.isTemplateExpression(text)) return text.templateSpans.map(({ expression }) => expression)
  if (syntax.isBinaryExpression(text) && text.operatorToken.kind === syntax.SyntaxKind.PlusToken) {
    return [text.left, text.right].flatMap((side) => {
      const nested = partsOf(program, side)
      return nested.length > 0 || isText(syntax, side) ? nested : [side]
    })
  }
  if (isJoin(syntax, text)) return [text]
  return []
}

function isJoin(syntax: SourceProgram['syntax'], node: TypeScript.Expression): boolean {
  return (
    syntax.isCallExpression(node) &&
    syntax.isPropertyAccessExpression(node.expression) &&
    ['join', 'concat'].includes(node.expression.name.text) &&
    STATEMENT.test(node.getText().replace(/^[['"`\s]+/, ''))
  )
}

/** Numbers, and constants of the file that are fixed text themselves, or what was escaped as a name. */
function isFixed(syntax: SourceProgram['syntax'], part: TypeScript.Expression): boolean {
  if (isText(syntax, part) || syntax.isNumericLiteral(part)) return true
  if (syntax.isConditionalExpression(part)) return isFixed(syntax, part.whenTrue) && isFixed(syntax, part.whenFalse)
  if (syntax.isCallExpression(part)) return /(?:^|\.)(?:escape\w*|quote\w*)$/i.test(part.expression.getText())
  if (!syntax.isIdentifier(part)) return false
  const initializer = declaredIn(syntax, part)?.initializer
  return initializer !== undefined && !syntax.isIdentifier(initializer) && isFixed(syntax, initializer)
}

function isText(syntax: SourceProgram['syntax'], node: TypeScript.Expression): boolean {
  return syntax.isStringLiteralLike(node)
}

function beginningOf(program: SourceProgram, text: TypeScript.Expression): string {
  const { syntax } = program
  if (syntax.isTemplateExpression(text)) return text.head.text
  if (syntax.isStringLiteralLike(text)) return text.text
  if (syntax.isParenthesizedExpression(text)) return beginningOf(program, text.expression)
  if (syntax.isBinaryExpression(text)) return beginningOf(program, text.left)
  if (syntax.isIdentifier(text)) {
    const initializer = declaredIn(syntax, text)?.initializer
    return initializer ? beginningOf(program, initializer) : ''
  }
  return text.getText().replace(/^[['"`\s]+/, '')
}

/** The `const` or `let` of that name in the functions around, or in the file. */
function declaredIn(
  syntax: SourceProgram['syntax'],
  name: TypeScript.Identifier,
): TypeScript.VariableDeclaration | undefined {
  let found: TypeScript.VariableDeclaration | undefined
  for (let scope: TypeScript.Node | undefined = name.parent; scope && !found; scope = scope.parent) {
    if (!syntax.isBlock(scope) && !syntax.isSourceFile(scope)) continue
    for (const statement of scope.statements) {
      if (!syntax.isVariableStatement(statement)) continue
      found ??= statement.declarationList.declarations.find((each) => each.name.getText() === name.text)
    }
  }
  return found
}
