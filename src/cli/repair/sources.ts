/** What repairs ask of the sources. */
import type { ts as TypeScript } from 'ts-morph'

import type { ClassSource } from '../../check/source-rules/class-index.ts'
import { importsIn, type SourceProgram } from '../../check/source-rules/source-program.ts'
import type { SourceLocation } from '../../errors/source-location.ts'
import { addImport } from '../generate/source/import-line.ts'
import { parse } from '../generate/source/edit.ts'
import type { Repair } from './repair.ts'

/** The class that is written around a place. */
export function classAt({ classes }: SourceProgram, at: SourceLocation): ClassSource | undefined {
  return classes.all.find(({ node, file }) => {
    if (file.fileName !== at.file || at.line < 1 || at.line > file.getLineStarts().length) return false
    const offset = file.getPositionOfLineAndCharacter(at.line - 1, 0) + at.column - 1
    return node.getStart() <= offset && offset <= node.getEnd()
  })
}

export function isExported({ syntax }: SourceProgram, { node }: ClassSource): boolean {
  return node.modifiers?.some(({ kind }) => kind === syntax.SyntaxKind.ExportKeyword) ?? false
}

/** Whether loading a file loads another one: an import back would make a circle that does not start. */
export function reaches({ syntax, files }: SourceProgram, from: string, to: string): boolean {
  const byName = new Map(files.map((file) => [file.fileName, file]))
  const seen = new Set<string>()
  const waiting = [from]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (path === to) return true
    const file = byName.get(path)
    if (!file || seen.has(path)) continue
    seen.add(path)
    for (const { target, typeOnly } of importsIn(syntax, file)) {
      if (target !== undefined && !typeOnly) waiting.push(target)
    }
  }
  return false
}

/** Lines above a declaration, as far in as it is. */
export function writeAbove(text: string, node: TypeScript.Node, line: string): string {
  const start = node.getStart()
  const indentation = /[ \t]*$/.exec(text.slice(0, start))?.[0] ?? ''
  return `${text.slice(0, start)}${line}\n${indentation}${text.slice(start)}`
}

/** A class by its name in a text. */
export function classIn(
  syntax: SourceProgram['syntax'],
  text: string,
  name: string,
): TypeScript.ClassDeclaration | undefined {
  return parse(syntax, text).statements.find(
    (each): each is TypeScript.ClassDeclaration => syntax.isClassDeclaration(each) && each.name?.text === name,
  )
}

export function importing(file: string, name: string, from: string): Repair {
  return { file, what: `imports ${name}`, apply: (syntax, text) => addImport(syntax, text, { name, from }) }
}
