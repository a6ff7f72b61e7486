/** One import, as a line of its own: among its neighbours where these are sorted, else behind them. */
import type { Syntax } from '../../../check/source-rules/source-program.ts'
import { inOrder } from '../print-import.ts'
import { parse, replace } from './edit.ts'

const LONGEST_LINE = 120

/** @returns `undefined` when the name is imported already. */
export function addImport(
  syntax: Syntax,
  text: string,
  { name, from }: { readonly name: string; readonly from: string },
): string | undefined {
  const file = parse(syntax, text)
  const imports = file.statements.filter(syntax.isImportDeclaration)
  if (imports.some((each) => namesIn(syntax, each).includes(name.replace(/^type /, '')))) return undefined
  const line = lineOf(text, name, from)
  const last = imports.at(-1)
  if (!last) return line + (text === '' ? '' : `\n${text}`)

  const same = imports.find(
    (each) => specifierOf(each) === from && namesIn(syntax, each).length > 0 && !isTypeOnly(each),
  )
  if (same) return joinImport(syntax, text, same, name)
  const relative = imports.filter((each) => specifierOf(each).startsWith('.'))
  const isSorted = relative.every(
    (each, index) => index === 0 || specifierOf(relative[index - 1]!) <= specifierOf(each),
  )
  const next = from.startsWith('.') && isSorted ? relative.find((each) => specifierOf(each) > from) : undefined
  const start = next ? next.getStart() : endOfLine(text, last.getEnd())
  return replace(text, { start, end: start, text: line })
}

/** The text without it; as it is when nothing imports the name. */
export function removeImport(
  syntax: Syntax,
  text: string,
  { name, from }: { readonly name: string; readonly from: string },
): string {
  const declaration = parse(syntax, text)
    .statements.filter(syntax.isImportDeclaration)
    .find((each) => specifierOf(each) === from && namesIn(syntax, each).includes(name.replace(/^type /, '')))
  if (!declaration) return text
  const bindings = declaration.importClause?.namedBindings
  if (!bindings || !syntax.isNamedImports(bindings) || bindings.elements.length === 1) {
    return replace(text, { start: declaration.getStart(), end: endOfLine(text, declaration.getEnd()), text: '' })
  }
  const names = bindings.elements.map((each) => each.getText()).filter((each) => each !== name)
  return replace(text, { start: bindings.getStart(), end: bindings.getEnd(), text: printNames(text, bindings, names) })
}

type Declaration = import('ts-morph').ts.ImportDeclaration
type Bindings = import('ts-morph').ts.NamedImports

/** Into the braces of an import of the same file: where the alphabet has it, values before types. */
function joinImport(syntax: Syntax, text: string, declaration: Declaration, name: string): string {
  const bindings = declaration.importClause?.namedBindings
  if (!bindings || !syntax.isNamedImports(bindings)) return text
  const names = bindings.elements.map((each) => each.getText())
  const at = names.findIndex((each) => inOrder([each, name])[0] === name)
  const all = at < 0 ? [...names, name] : names.toSpliced(at, 0, name)
  return replace(text, { start: bindings.getStart(), end: bindings.getEnd(), text: printNames(text, bindings, all) })
}

/** In lines of their own where they stood so before, or have become too long for one. */
function printNames(text: string, bindings: Bindings, names: readonly string[]): string {
  const before = text.slice(bindings.getStart(), bindings.getEnd())
  const line = `{ ${names.join(', ')} }`
  const around = text.slice(text.lastIndexOf('\n', bindings.getStart()) + 1, endOfLine(text, bindings.getEnd())).length
  const isLong = around - before.length + line.length > LONGEST_LINE
  return before.includes('\n') || isLong ? `{\n${names.map((each) => `  ${each},\n`).join('')}}` : line
}

function namesIn(syntax: Syntax, { importClause }: Declaration): readonly string[] {
  const bindings = importClause?.namedBindings
  return bindings && syntax.isNamedImports(bindings) ? bindings.elements.map((each) => each.name.text) : []
}

function specifierOf({ moduleSpecifier }: Declaration): string {
  return moduleSpecifier.getText().slice(1, -1)
}

function isTypeOnly({ importClause }: Declaration): boolean {
  return importClause?.getText().startsWith('type ') ?? false
}

/** With the quotes and the semicolon of the file. */
function lineOf(text: string, name: string, from: string): string {
  const quote = /^import .*"\s*;?\s*$/m.test(text) ? '"' : "'"
  const end = /^import .*;\s*$/m.test(text) ? ';' : ''
  return `import { ${name} } from ${quote}${from}${quote}${end}\n`
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}
