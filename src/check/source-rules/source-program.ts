/** The TypeScript that people wrote, parsed: what only the text can tell is read from it. Nothing is type-checked. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { ts as TypeScript } from 'ts-morph'

import type { ModuleGraph } from '../../graph/module-graph.ts'
import { indexClasses, type ClassIndex } from './class-index.ts'

/** The compiler's own parser, as ts-morph brings it along: TypeScript 7 has none that programs can call. */
export type Syntax = typeof TypeScript

export interface SourceProgram {
  readonly syntax: Syntax
  readonly files: readonly TypeScript.SourceFile[]
  readonly classes: ClassIndex
  readonly graph: ModuleGraph
}

const LEFT_OUT = /(?:^|[\\/])(?:node_modules|dist|build|coverage|bench|\.[^\\/]+)(?:[\\/]|$)|\.(?:d|test|spec)\.ts$/

/**
 * Every source file below the folder of the root module, and what these import by relative paths.
 * @param entry - The source file of the root module.
 */
export function readSources(syntax: Syntax, entry: string, graph: ModuleGraph): SourceProgram {
  const folder = dirname(entry)
  const below = globSync('**/*.ts', { cwd: folder, exclude: (path) => LEFT_OUT.test(path) })
  const files = new Map<string, TypeScript.SourceFile>()
  const waiting = [entry, ...below.filter((path) => !LEFT_OUT.test(path)).map((path) => join(folder, path))]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(path)) continue
    const text = readFileSync(path, 'utf8')
    const file = syntax.createSourceFile(path, text, syntax.ScriptTarget.Latest, true)
    files.set(path, file)
    for (const { target } of importsIn(syntax, file)) if (target !== undefined) waiting.push(target)
  }
  const all = [...files.values()].toSorted((a, b) => (a.fileName < b.fileName ? -1 : 1))
  return { syntax, files: all, classes: indexClasses(syntax, all), graph }
}

/** One import of a file. */
export interface SourceImport {
  readonly specifier: string
  /** The file behind a relative path; `undefined` for packages and for what is not there. */
  readonly target: string | undefined
  /** Local names, with the name each has where it comes from. */
  readonly names: ReadonlyMap<string, string>
  /** `import type` leaves nothing at run time. */
  readonly typeOnly: boolean
  readonly node: TypeScript.ImportDeclaration | TypeScript.ExportDeclaration
}

export function importsIn(syntax: Syntax, file: TypeScript.SourceFile): readonly SourceImport[] {
  return file.statements.flatMap((node) => {
    if (!syntax.isImportDeclaration(node) && !syntax.isExportDeclaration(node)) return []
    if (!node.moduleSpecifier || !syntax.isStringLiteral(node.moduleSpecifier)) return []
    const specifier = node.moduleSpecifier.text
    const clause = syntax.isImportDeclaration(node) ? node.importClause : undefined
    const typeOnly = syntax.isImportDeclaration(node)
      ? clause?.phaseModifier === syntax.SyntaxKind.TypeKeyword
      : node.isTypeOnly
    return [
      { specifier, target: resolveRelative(file.fileName, specifier), names: namesOf(syntax, clause), typeOnly, node },
    ]
  })
}

function namesOf(syntax: Syntax, clause: TypeScript.ImportClause | undefined): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  if (clause?.name) names.set(clause.name.text, 'default')
  const bindings = clause?.namedBindings
  if (bindings && syntax.isNamedImports(bindings)) {
    for (const { name, propertyName, isTypeOnly } of bindings.elements) {
      if (!isTypeOnly) names.set(name.text, propertyName?.text ?? name.text)
    }
  }
  if (bindings && syntax.isNamespaceImport(bindings)) names.set(bindings.name.text, '*')
  return names
}

function resolveRelative(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined
  const path = resolve(dirname(from), specifier)
  const candidates = [path, path.replace(/\.js$/, '.ts'), `${path}.ts`, join(path, 'index.ts')]
  return candidates.find((each) => each.endsWith('.ts') && !each.endsWith('.d.ts') && existsSync(each))
}
