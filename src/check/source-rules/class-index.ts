/** Every class of the sources by name, with what its decorators, fields and methods say. */
import type { ts as TypeScript } from 'ts-morph'

import type { Syntax } from './source-program.ts'

export interface DecoratorText {
  readonly name: string
  readonly arguments: readonly TypeScript.Expression[]
  readonly node: TypeScript.Decorator
}

export interface ClassSource {
  readonly name: string
  readonly node: TypeScript.ClassDeclaration
  readonly file: TypeScript.SourceFile
  readonly decorators: readonly DecoratorText[]
  readonly methods: readonly MethodSource[]
  /** The types that fields and constructor parameters are declared with, by the name `this.name` has. */
  readonly fields: ReadonlyMap<string, string>
  readonly parent: string | undefined
}

export interface MethodSource {
  readonly name: string
  readonly node: TypeScript.MethodDeclaration
  readonly owner: string
  readonly decorators: readonly DecoratorText[]
  readonly isAsync: boolean
  /** The declared result as text, whitespace removed; `undefined` where nothing is declared. */
  readonly returns: string | undefined
}

export class ClassIndex {
  readonly all: readonly ClassSource[]
  readonly #byName: ReadonlyMap<string, readonly ClassSource[]>

  constructor(all: readonly ClassSource[]) {
    this.all = all
    this.#byName = Map.groupBy(all, ({ name }) => name)
  }

  /** The class of that name; `undefined` where there is none, or more than one. */
  named(name: string | undefined): ClassSource | undefined {
    const found = name === undefined ? [] : (this.#byName.get(name) ?? [])
    return found.length === 1 ? found[0] : undefined
  }

  /** A method of a class or of what it extends; `undefined` where the text does not show it. */
  method(type: ClassSource | undefined, name: string): MethodSource | undefined {
    for (let each = type; each; each = this.named(each.parent)) {
      const found = each.methods.find((method) => method.name === name)
      if (found) return found
    }
    return undefined
  }
}

export function indexClasses(syntax: Syntax, files: readonly TypeScript.SourceFile[]): ClassIndex {
  const found: ClassSource[] = []
  for (const file of files) {
    const visit = (node: TypeScript.Node): void => {
      if (syntax.isClassDeclaration(node) && node.name) found.push(readClass(syntax, node, file))
      else if (!syntax.isFunctionLike(node)) syntax.forEachChild(node, visit)
    }
    visit(file)
  }
  return new ClassIndex(found)
}

export function decoratorsOf(syntax: Syntax, node: TypeScript.Node): readonly DecoratorText[] {
  const decorators = syntax.canHaveDecorators(node) ? (syntax.getDecorators(node) ?? []) : []
  return decorators.map((each) => {
    const call = syntax.isCallExpression(each.expression) ? each.expression : undefined
    const callee = call?.expression ?? each.expression
    const name = syntax.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText()
    return { name, arguments: call?.arguments ?? [], node: each }
  })
}

function readClass(syntax: Syntax, node: TypeScript.ClassDeclaration, file: TypeScript.SourceFile): ClassSource {
  const name = node.name!.text
  const heritage = node.heritageClauses?.find(({ token }) => token === syntax.SyntaxKind.ExtendsKeyword)
  const parent = heritage?.types[0]?.expression
  return {
    name,
    node,
    file,
    decorators: decoratorsOf(syntax, node),
    methods: node.members.filter(syntax.isMethodDeclaration).map((method) => readMethod(syntax, method, name)),
    fields: readFields(syntax, node),
    parent: parent && syntax.isIdentifier(parent) ? parent.text : parent?.getText().replace(/[(<].*/s, ''),
  }
}

function readMethod(syntax: Syntax, node: TypeScript.MethodDeclaration, owner: string): MethodSource {
  return {
    name: node.name.getText(),
    node,
    owner,
    decorators: decoratorsOf(syntax, node),
    isAsync: node.modifiers?.some(({ kind }) => kind === syntax.SyntaxKind.AsyncKeyword) ?? false,
    returns: node.type?.getText().replaceAll(/\s/g, ''),
  }
}

/** Declared fields, parameter properties, and fields that the constructor fills from a parameter. */
function readFields(syntax: Syntax, node: TypeScript.ClassDeclaration): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const member of node.members) {
    if (syntax.isPropertyDeclaration(member) && member.type) fields.set(member.name.getText(), typeName(member.type))
    if (syntax.isPropertyDeclaration(member) && member.initializer) {
      const token = injectedToken(syntax, member.initializer)
      if (token) fields.set(member.name.getText(), token.getText())
    }
    if (!syntax.isConstructorDeclaration(member)) continue
    for (const parameter of member.parameters) {
      if (parameter.modifiers?.some(({ kind }) => kind !== syntax.SyntaxKind.Decorator) && parameter.type) {
        fields.set(parameter.name.getText(), typeName(parameter.type))
      }
    }
  }
  return fields
}

/** The argument of `inject(X)`. */
export function injectedToken(syntax: Syntax, node: TypeScript.Expression): TypeScript.Expression | undefined {
  if (!syntax.isCallExpression(node) || !syntax.isIdentifier(node.expression)) return undefined
  return node.expression.text === 'inject' ? node.arguments[0] : undefined
}

/** `BaseRepository` of `BaseRepository<Ticket>`. */
function typeName(type: TypeScript.TypeNode): string {
  return type.getText().replace(/<.*/s, '')
}
