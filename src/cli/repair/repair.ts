/** One repair that `tenon check --fix` makes: of a text, so that whatever else stands there stays. */
import type { SourceProgram, Syntax } from '../../check/source-rules/source-program.ts'
import type { Diagnostic } from '../../check/diagnostic.ts'
import type { SourceLocation } from '../../errors/source-location.ts'

export interface Repair {
  readonly file: string
  /** What is done, in a few words: `TicketClock into providers of TicketsModule`. */
  readonly what: string
  /** @returns `undefined` when the text says so already. */
  apply(syntax: Syntax, text: string): string | undefined
}

/** A finding with its place in the sources. */
export interface LocatedFinding {
  readonly diagnostic: Diagnostic
  readonly at: SourceLocation
}

/** What mends one kind of finding; nothing where there is more than one way, or where a door would open. */
export type Repairer = (finding: LocatedFinding, program: SourceProgram) => readonly Repair[]
