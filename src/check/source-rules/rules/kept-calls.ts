/** What belongs to one call, kept in a field of a singleton: the next caller reads it. */
import type { ts as TypeScript } from 'ts-morph'

import { defineDiagnostic } from '../../diagnostic.ts'
import { siteOf, walk, type SourceFinding, type SourceRule } from '../source-rule.ts'
import { ROUTES } from './answered-entities.ts'

export const CallKept = defineDiagnostic({
  code: 'SOURCE_CALL_KEPT',
  message: (method: string, field: string, parameter: string) =>
    `${method} keeps \`${parameter}\` in ${field}, which all calls share: the next one reads it.`,
  help: 'Pass it on as an argument, or keep it in the context of the call: ctx().set(KEY, value).',
})

const CALL_METHODS = new Set(['intercept', 'decide'])

export const keptCalls: SourceRule = ({ syntax, classes }) => {
  const found: SourceFinding[] = []
  for (const type of classes.all) {
    const isInterceptor = type.decorators.some(({ name }) => name === 'Interceptor')
    for (const method of type.methods) {
      const isHandler = method.decorators.some(({ name }) => ROUTES.has(name) || name === 'OnMessage' || name === 'Rpc')
      if (!isHandler && !(isInterceptor && CALL_METHODS.has(method.name))) continue
      const parameters = new Set(method.node.parameters.flatMap(({ name }) => boundNames(syntax, name)))
      walk(syntax, method.node.body ?? method.node, (node) => {
        if (!syntax.isBinaryExpression(node) || node.operatorToken.kind !== syntax.SyntaxKind.EqualsToken) return
        const field = fieldOf(syntax, node.left)
        const parameter = field === undefined ? undefined : firstNamed(syntax, node.right, parameters)
        if (field === undefined || parameter === undefined) return
        found.push({ diagnostic: CallKept({ at: siteOf(node) }, `${type.name}.${method.name}`, field, parameter) })
      })
    }
  }
  return { found }
}

type Syntax = Parameters<typeof walk>[0]

function boundNames(syntax: Syntax, name: TypeScript.BindingName): readonly string[] {
  if (syntax.isIdentifier(name)) return [name.text]
  return name.elements.flatMap((each) => (syntax.isBindingElement(each) ? boundNames(syntax, each.name) : []))
}

/** `this.x`, and not what is in it: a map by tenant is no field of a call. */
function fieldOf(syntax: Syntax, target: TypeScript.Expression): string | undefined {
  if (!syntax.isPropertyAccessExpression(target)) return undefined
  let owner: TypeScript.Expression = target.expression
  while (syntax.isParenthesizedExpression(owner) || syntax.isAsExpression(owner)) owner = owner.expression
  return owner.kind === syntax.SyntaxKind.ThisKeyword ? target.getText() : undefined
}

function firstNamed(syntax: Syntax, value: TypeScript.Expression, names: ReadonlySet<string>): string | undefined {
  let found: string | undefined
  walk(syntax, value, (node) => {
    if (syntax.isIdentifier(node) && names.has(node.text)) found ??= node.text
  })
  return found
}
