/** Routes that answer a database entity: every column leaves the house, those added tomorrow too. */
import type { ts as TypeScript } from 'ts-morph'

import { defineDiagnostic } from '../../diagnostic.ts'
import type { ClassSource, MethodSource } from '../class-index.ts'
import type { SourceProgram } from '../source-program.ts'
import { siteOf, walk, type NotProved, type SourceFinding, type SourceRule } from '../source-rule.ts'

export const EntityAnswered = defineDiagnostic({
  code: 'SOURCE_ENTITY_ANSWERED',
  severity: 'warning',
  message: (handler: string, entity: string) =>
    `${handler} answers the entity ${entity}, with every column it has or will have.`,
  help: 'Declare what leaves: @Returns(SomeView) above the method, with the fields that callers may see.',
})

export const ROUTES = new Set(['Get', 'Post', 'Put', 'Patch', 'Delete', 'Head', 'Options', 'All'])
const DEEPEST = 4

export const answeredEntities: SourceRule = (program) => {
  const { classes } = program
  const found: SourceFinding[] = []
  const notProved: NotProved[] = []
  for (const type of classes.all) {
    if (!type.decorators.some(({ name }) => name === 'Controller')) continue
    for (const method of type.methods) {
      const route = method.decorators.find(({ name }) => ROUTES.has(name))
      if (!route || [...method.decorators, ...type.decorators].some(({ name }) => name === 'Returns')) continue
      const answers = answeredTypes(program, type, method, DEEPEST)
      const entity = answers.find((name) => isEntity(classes.named(name)))
      const name = `${type.name}.${method.name}`
      const at = siteOf(method.node.name)
      if (entity !== undefined) found.push({ diagnostic: EntityAnswered({ at }, name, entity) })
      else if (answers.includes(UNKNOWN)) {
        notProved.push({ rule: EntityAnswered.code, reason: `what ${name} answers`, at })
      }
    }
  }
  return { found, notProved }
}

const UNKNOWN = '?'

/** Names of classes in the declared result; where nothing is declared, of what the method returns from calls it makes. */
function answeredTypes(
  program: SourceProgram,
  type: ClassSource,
  method: MethodSource,
  depth: number,
): readonly string[] {
  if (method.returns !== undefined) return [...method.returns.matchAll(/[A-Z]\w*/g)].map(([name]) => name)
  if (depth === 0) return [UNKNOWN]
  const { syntax } = program
  const answers: string[] = []
  walk(syntax, method.node.body ?? method.node, (node) => {
    if (syntax.isFunctionLike(node)) return false
    if (syntax.isReturnStatement(node) && node.expression) {
      answers.push(...typesOf(program, type, unwrapped(syntax, node.expression), depth))
    }
    return undefined
  })
  return answers
}

function typesOf(
  program: SourceProgram,
  type: ClassSource,
  value: TypeScript.Expression,
  depth: number,
): readonly string[] {
  const { syntax, classes } = program
  if (syntax.isNewExpression(value)) return [value.expression.getText()]
  if (!syntax.isCallExpression(value)) return syntax.isIdentifier(value) ? [UNKNOWN] : []
  const callee = value.expression
  if (!syntax.isPropertyAccessExpression(callee)) return [UNKNOWN]
  const owner = ownerOf(program, type, callee.expression)
  const method = classes.method(owner, callee.name.text)
  if (owner && method) return answeredTypes(program, owner, method, depth - 1)
  const entity = owner && repositoryOf(program, owner)
  return entity === undefined || !/^(?:find|save|get|all|page|list)/.test(callee.name.text) ? [UNKNOWN] : [entity]
}

function unwrapped(syntax: SourceProgram['syntax'], value: TypeScript.Expression): TypeScript.Expression {
  if (syntax.isAwaitExpression(value) || syntax.isParenthesizedExpression(value))
    return unwrapped(syntax, value.expression)
  return value
}

function ownerOf(
  { syntax, classes }: SourceProgram,
  type: ClassSource,
  target: TypeScript.Expression,
): ClassSource | undefined {
  if (target.kind === syntax.SyntaxKind.ThisKeyword) return type
  if (!syntax.isPropertyAccessExpression(target) || target.expression.kind !== syntax.SyntaxKind.ThisKeyword)
    return undefined
  return classes.named(type.fields.get(target.name.text))
}

/** The entity that a repository class is for. */
function repositoryOf({ classes }: SourceProgram, type: ClassSource): string | undefined {
  const entity = type.decorators.find(({ name }) => name === 'Repository')?.arguments[0]?.getText()
  return isEntity(classes.named(entity)) ? entity : undefined
}

function isEntity(type: ClassSource | undefined): boolean {
  return type?.decorators.some(({ name }) => name === 'Entity' || name === 'ChildEntity') ?? false
}
