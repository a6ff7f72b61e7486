/** Puts edits into a text, and takes them out again. */
import type { Syntax } from '../../../check/source-rules/source-program.ts'
import { parse, replace, type SourceEdit } from './edit.ts'
import { addImport, removeImport } from './import-line.ts'
import { addToList, ListUnfit, removeFromList } from './module-list.ts'

/**
 * @returns `undefined` when the text says so already.
 * @throws `ListUnfit`
 */
export function applyEdit(syntax: Syntax, text: string, edit: SourceEdit): string | undefined {
  switch (edit.kind) {
    case 'import':
      return addImport(syntax, text, edit)
    case 'listed':
      return addToList(syntax, text, edit)
    case 'member':
      return addMember(syntax, text, edit)
  }
}

/** Whatever else was written since stays as it is. */
export function revertEdit(syntax: Syntax, text: string, edit: SourceEdit): string {
  switch (edit.kind) {
    case 'import':
      return removeImport(syntax, text, edit)
    case 'listed':
      return removeFromList(syntax, text, edit, !edit.wasEmpty)
    case 'member':
      return text.replace(`\n${edit.text}`, () => '')
  }
}

/** At the end of the class. */
function addMember(
  syntax: Syntax,
  text: string,
  { type, text: member }: { readonly type: string; readonly text: string },
): string {
  const declaration = parse(syntax, text).statements.find(
    (each) => syntax.isClassDeclaration(each) && each.name?.text === type,
  )
  if (!declaration) throw new ListUnfit(`it has no class ${type}`)
  const at = declaration.getEnd() - 1
  return replace(text, { start: at, end: at, text: `\n${member}` })
}
