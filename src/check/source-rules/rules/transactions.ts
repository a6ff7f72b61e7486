/** What leaves a transaction without being noticed: work nobody waits for, errors nobody sees, decorators that do nothing. */
import type { ts as TypeScript } from 'ts-morph'

import { defineDiagnostic } from '../../diagnostic.ts'
import type { ClassSource, MethodSource } from '../class-index.ts'
import type { SourceProgram } from '../source-program.ts'
import { siteOf, walk, type NotProved, type SourceFinding, type SourceRule } from '../source-rule.ts'

export const TransactionUnawaited = defineDiagnostic({
  code: 'SOURCE_TRANSACTION_UNAWAITED',
  message: (method: string, call: string) => `${method} does not wait for ${call}: the transaction may end before it.`,
  help: 'Write `await` before it; for several at once, `await Promise.all([...])`.',
})

export const TransactionErrorSwallowed = defineDiagnostic({
  code: 'SOURCE_TRANSACTION_ERROR_SWALLOWED',
  severity: 'warning',
  message: (method: string) => `${method} catches an error and says nothing, so the half that was done is committed.`,
  help: 'Throw it again, or do what may fail in a transaction of its own: @Transactional({ propagation: "nested" }).',
})

export const TransactionalIgnored = defineDiagnostic({
  code: 'SOURCE_TRANSACTIONAL_IGNORED',
  message: (method: string, reason: string) => `@Transactional() on ${method} does not do what it says: ${reason}.`,
  help: 'Make it an `async` method of the instance.',
})

/** Of TypeORM and of our repositories: all of them answer promises. */
const ASYNC_ON_REPOSITORIES =
  /^(?:save|insert|update|upsert|remove|delete|softRemove|softDelete|restore|recover|increment|decrement|find\w*|count\w*|exists?\w*|query|clear|add|change)$/
const REPOSITORY_LIKE = /Repository$|EntityManager$|DataSource$|QueryRunner$/

export const transactions: SourceRule = (program) => {
  const { classes } = program
  const found: SourceFinding[] = []
  const notProved: NotProved[] = []
  for (const type of classes.all) {
    const onClass = type.decorators.some(({ name }) => name === 'Transactional')
    for (const method of type.methods) {
      const own = method.decorators.find(({ name }) => name === 'Transactional')
      if (own) {
        const reason = ignoredBecause(program, method)
        const diagnostic =
          reason && TransactionalIgnored({ at: siteOf(own.node) }, `${type.name}.${method.name}`, reason)
        if (diagnostic) found.push({ diagnostic })
      }
      if (own || onClass) inspect(program, type, method, found, notProved)
    }
  }
  return { found, notProved }
}

function ignoredBecause({ syntax }: SourceProgram, { node, isAsync, returns }: MethodSource): string | undefined {
  const has = (kind: TypeScript.SyntaxKind): boolean => node.modifiers?.some((each) => each.kind === kind) ?? false
  if (has(syntax.SyntaxKind.StaticKeyword)) return 'static methods are not intercepted'
  if (node.asteriskToken) return 'a generator runs after the method has returned'
  if (!isAsync && returns !== undefined && !returns.startsWith('Promise<')) {
    return `it answers ${returns} at once, and a transaction takes time`
  }
  return undefined
}

function inspect(
  program: SourceProgram,
  type: ClassSource,
  method: MethodSource,
  found: SourceFinding[],
  notProved: NotProved[],
): void {
  const { syntax } = program
  const name = `${type.name}.${method.name}`
  walk(syntax, method.node.body ?? method.node, (node) => {
    if (syntax.isCatchClause(node) && node.block.statements.length === 0) {
      found.push({ diagnostic: TransactionErrorSwallowed({ at: siteOf(node) }, name) })
    }
    if (!syntax.isExpressionStatement(node)) return
    const call = syntax.isVoidExpression(node.expression) ? node.expression.expression : node.expression
    if (!syntax.isCallExpression(call)) return
    const verdict = isAsyncCall(program, type, call)
    const text = `${call.expression.getText()}()`
    const at = siteOf(call)
    if (verdict === 'async') {
      const start = node.expression.getStart()
      const awaited = { file: at.file, start, end: call.getStart(), text: 'await ' }
      // `forEach` answers nothing to wait for: `await` before it would only hide that.
      const safe = isInsideAsync(syntax, node, method) && !isLoopOverAsync(syntax, call)
      found.push({
        diagnostic: TransactionUnawaited({ at }, name, text),
        ...(safe ? { edits: [awaited] } : {}),
      })
    } else if (verdict === 'unknown') {
      notProved.push({ rule: TransactionUnawaited.code, reason: `whether ${text} in ${name} has to be awaited`, at })
    }
  })
}

/** The call stands in the method's own body, so `await` may be written before it. */
function isInsideAsync(syntax: SourceProgram['syntax'], node: TypeScript.Node, method: MethodSource): boolean {
  let each: TypeScript.Node = node
  while (each !== method.node && !syntax.isFunctionLike(each)) each = each.parent
  return each === method.node && method.isAsync
}

type Verdict = 'async' | 'sync' | 'unknown'

function isAsyncCall(program: SourceProgram, type: ClassSource, call: TypeScript.CallExpression): Verdict {
  const { syntax, classes } = program
  const callee = call.expression
  if (!syntax.isPropertyAccessExpression(callee)) return 'sync'
  const name = callee.name.text
  if (isLoopOverAsync(syntax, call)) return 'async'
  const owner = ownerOf(program, type, callee.expression)
  if (owner === undefined) return 'sync'
  const method = classes.method(classes.named(owner), name)
  if (method) return method.isAsync || method.returns?.startsWith('Promise<') ? 'async' : 'sync'
  if (isRepository(program, owner)) return ASYNC_ON_REPOSITORIES.test(name) ? 'async' : 'unknown'
  return classes.named(owner) || /Logger$|Log$/.test(owner) ? 'sync' : 'unknown'
}

/** `forEach(async ...)`: nobody waits for what it starts. */
function isLoopOverAsync(
  syntax: SourceProgram['syntax'],
  { expression, arguments: [first] }: TypeScript.CallExpression,
): boolean {
  return (
    syntax.isPropertyAccessExpression(expression) &&
    expression.name.text === 'forEach' &&
    first !== undefined &&
    (syntax.isArrowFunction(first) || syntax.isFunctionExpression(first)) &&
    (first.modifiers?.some(({ kind }) => kind === syntax.SyntaxKind.AsyncKeyword) ?? false)
  )
}

/** The class of `this` or of the field `this.x`; `undefined` for everything else, which is no work of the database. */
function ownerOf({ syntax }: SourceProgram, type: ClassSource, target: TypeScript.Expression): string | undefined {
  if (target.kind === syntax.SyntaxKind.ThisKeyword) return type.name
  if (!syntax.isPropertyAccessExpression(target)) return undefined
  if (target.expression.kind !== syntax.SyntaxKind.ThisKeyword) return undefined
  const declared = type.fields.get(target.name.text)
  return declared === undefined || /^(?:Map|Set|Array|Record|WeakMap)$|\[\]$/.test(declared) ? undefined : declared
}

function isRepository({ classes }: SourceProgram, name: string): boolean {
  if (REPOSITORY_LIKE.test(name)) return true
  for (let each = classes.named(name); each; each = classes.named(each.parent)) {
    if (each.parent !== undefined && REPOSITORY_LIKE.test(each.parent)) return true
  }
  return false
}
