/** A class that is asked for and imported as a type only: nothing of it is left to be injected. */
import type { ts as TypeScript } from 'ts-morph'

import { importsIn, type SourceProgram } from '../../check/source-rules/source-program.ts'
import { parse, replace } from '../generate/source/edit.ts'
import type { Repairer } from './repair.ts'
import { classAt, reaches } from './sources.ts'

export const importValue: Repairer = ({ diagnostic, at }, program) => {
  // Said by the rule, which has read the type of the parameter.
  const name = / has the type ([\w$]+) \(type-only import\)/.exec(diagnostic.message)?.[1]
  const file = classAt(program, at)?.file
  if (name === undefined || !file) return []
  const { syntax, classes } = program
  const from = importsIn(syntax, file).find(({ node }) => typeNames(syntax, node).includes(name))
  const type = classes.named(name)
  if (from?.target === undefined || type?.file.fileName !== from.target) return []
  if (reaches(program, from.target, file.fileName)) return []
  return [
    {
      file: file.fileName,
      what: `imports ${name} as a value`,
      apply: (_syntax, text) => asValue(program, text, name),
    },
  ]
}

/** What an import leaves nothing of. */
function typeNames(syntax: SourceProgram['syntax'], node: TypeScript.Node): readonly string[] {
  if (!syntax.isImportDeclaration(node)) return []
  const bindings = node.importClause?.namedBindings
  if (!bindings || !syntax.isNamedImports(bindings)) return []
  const isWhole = isTypeClause(syntax, node)
  return bindings.elements.filter((each) => isWhole || each.isTypeOnly).map((each) => each.name.text)
}

function isTypeClause({ SyntaxKind }: SourceProgram['syntax'], node: TypeScript.ImportDeclaration): boolean {
  return node.importClause?.phaseModifier === SyntaxKind.TypeKeyword
}

/** The word `type` goes; names beside it that were types stay types. */
function asValue({ syntax }: SourceProgram, text: string, name: string): string | undefined {
  const node = parse(syntax, text).statements.find((each) => typeNames(syntax, each).includes(name))
  if (!node || !syntax.isImportDeclaration(node)) return undefined
  const clause = node.importClause!
  const bindings = clause.namedBindings as TypeScript.NamedImports
  const isWhole = isTypeClause(syntax, node)
  const pieces = bindings.elements.flatMap((each) => {
    const start = each.getStart()
    if (each.name.text === name) return isWhole ? [] : [{ start, end: start + 'type '.length, text: '' }]
    return isWhole ? [{ start, end: start, text: 'type ' }] : []
  })
  const word = { start: clause.getStart(), end: bindings.getStart(), text: '' }
  return [...(isWhole ? [word] : []), ...pieces]
    .toSorted((a, b) => b.start - a.start)
    .reduce((done, piece) => replace(done, piece), text)
}
