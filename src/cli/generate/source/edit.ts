/** A change of a file that somebody wrote: what is added, and how it is taken out again. Nothing else of it moves. */
import type { Syntax } from '../../../check/source-rules/source-program.ts'

/** Kept as data, so that it can be undone later and elsewhere. */
export type SourceEdit =
  /** An element of a list of `@Module({ … })`. */
  | {
      readonly kind: 'listed'
      /** Of the module. */
      readonly type: string
      readonly list: string
      readonly element: string
      /** There was such a list before, with nothing in it: it stays when it is empty again. */
      readonly wasEmpty?: boolean
    }
  | { readonly kind: 'import'; readonly name: string; readonly from: string }
  /** Lines at the end of a class. */
  | { readonly kind: 'member'; readonly type: string; readonly text: string }

/** A text and the pieces put into it. */
export interface Piece {
  readonly start: number
  readonly end: number
  readonly text: string
}

export function replace(text: string, { start, end, text: by }: Piece): string {
  return text.slice(0, start) + by + text.slice(end)
}

export function parse(syntax: Syntax, text: string): import('ts-morph').ts.SourceFile {
  return syntax.createSourceFile('edited.ts', text, syntax.ScriptTarget.Latest, true)
}
