/**
 * Files that import each other while one uses the other at once, as decorators and `extends` do: whichever is loaded
 * first decides whether the application starts.
 */
import { basename } from 'node:path'
import type { ts as TypeScript } from 'ts-morph'

import { defineDiagnostic } from '../../diagnostic.ts'
import { shortestWay } from '../../source/import-cycle.ts'
import { importsIn, type SourceImport, type SourceProgram } from '../source-program.ts'
import { siteOf, type SourceFinding, type SourceRule } from '../source-rule.ts'

export const ImportCycleFragile = defineDiagnostic({
  code: 'SOURCE_IMPORT_CYCLE',
  severity: 'warning',
  message: (file: string, used: string, cycle: readonly string[]) =>
    `${file} uses ${used} while it loads, and they import each other (${cycle.join(' -> ')}): the order of loading decides.`,
  help: 'Cut one import of the circle: `import type` with inject(X) in a field, an abstract class as token, or a file of its own for what both need.',
})

export const importCycles: SourceRule = (program) => {
  const { syntax, files } = program
  const imports = new Map(files.map((file) => [file.fileName, importsIn(syntax, file)]))
  const graph = new Map(
    [...imports].map(([file, all]) => [
      file,
      all.filter((each) => !isErased(each)).flatMap(({ target }) => target ?? []),
    ]),
  )
  const found: SourceFinding[] = []
  const reported = new Set<string>()
  for (const file of files) {
    for (const each of imports.get(file.fileName)!) {
      if (each.target === undefined || isErased(each)) continue
      const way = shortestWay(graph, each.target, file.fileName)
      if (!way) continue
      const used = usedWhileLoading(program, file, each)
      const key = [...way].toSorted().join()
      if (used === undefined || reported.has(key)) continue
      reported.add(key)
      const cycle = [file.fileName, ...way].map((path) => basename(path))
      found.push({ diagnostic: ImportCycleFragile({ at: siteOf(each.node) }, basename(file.fileName), used, cycle) })
    }
  }
  return { found }
}

/** The compiler leaves an import of types alone out. */
function isErased({ typeOnly, names, node }: SourceImport): boolean {
  return typeOnly || ('importClause' in node && node.importClause?.namedBindings !== undefined && names.size === 0)
}

/** A name of the import that is read when the file runs: nothing inside of functions counts. */
function usedWhileLoading(
  { syntax }: SourceProgram,
  file: TypeScript.SourceFile,
  { names }: SourceImport,
): string | undefined {
  let used: string | undefined
  const visit = (node: TypeScript.Node): void => {
    if (used !== undefined || syntax.isImportDeclaration(node)) return
    if (syntax.isFunctionLike(node)) {
      if (!syntax.isMethodDeclaration(node) && !syntax.isConstructorDeclaration(node)) return
      if (node.body) visitMember(node)
      return
    }
    if (syntax.isPropertyDeclaration(node)) return visitProperty(node)
    if (syntax.isTypeNode(node) && !syntax.isExpressionWithTypeArguments(node)) return
    if (syntax.isHeritageClause(node) && node.token === syntax.SyntaxKind.ImplementsKeyword) return
    if (syntax.isIdentifier(node) && names.has(node.text) && !isMemberName(syntax, node)) used = node.text
    syntax.forEachChild(node, visit)
  }
  /** Decorators, and the types that are emitted for what is decorated. */
  const visitMember = (node: TypeScript.MethodDeclaration | TypeScript.ConstructorDeclaration): void => {
    const decorated = [...decorators(node), ...node.parameters.flatMap(decorators)]
    for (const each of decorated) visit(each)
    const owner = node.parent
    const emits = syntax.isConstructorDeclaration(node) ? decorators(owner).length > 0 : decorated.length > 0
    if (emits) for (const { type } of node.parameters) visitEmitted(type)
    if (emits && syntax.isMethodDeclaration(node)) visitEmitted(node.type)
  }
  const visitProperty = (node: TypeScript.PropertyDeclaration): void => {
    const own = decorators(node)
    for (const each of own) visit(each)
    if (own.length > 0) visitEmitted(node.type)
    const isStatic = node.modifiers?.some(({ kind }) => kind === syntax.SyntaxKind.StaticKeyword)
    if (isStatic && node.initializer) visit(node.initializer)
  }
  const visitEmitted = (type: TypeScript.TypeNode | undefined): void => {
    if (type && syntax.isTypeReferenceNode(type) && names.has(type.typeName.getText())) used ??= type.typeName.getText()
  }
  const decorators = (node: TypeScript.Node): readonly TypeScript.Decorator[] =>
    syntax.canHaveDecorators(node) ? (syntax.getDecorators(node) ?? []) : []
  visit(file)
  return used
}

/** `x.Name` and `{ Name: ... }` are no uses of `Name`. */
function isMemberName(syntax: SourceProgram['syntax'], node: TypeScript.Identifier): boolean {
  const { parent } = node
  return (
    (syntax.isPropertyAccessExpression(parent) && parent.name === node) ||
    (syntax.isPropertyAssignment(parent) && parent.name === node)
  )
}
