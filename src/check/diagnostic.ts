/** A finding about the program, made before it runs: what, where, why, and the fix. */
import type { CallSite } from '../../decorators/index.ts'

/** Errors stop the start, warnings are logged at start, notes are listed only when asked for. */
export type Severity = 'error' | 'warning' | 'note'

export interface Diagnostic {
  /** Stable for ever, `AREA_WHAT_HAPPENED`; a section of docs/errors.md. */
  readonly code: string
  readonly severity: Severity
  /** One sentence that names the reader's own class, route or setting. */
  readonly message: string
  /** Where it was written. */
  readonly at: CallSite
  /** How the wiring led here, outermost first: `ReportController`, `ReportService`, `Clock`. */
  readonly path: readonly string[]
  /** The fix, in one sentence. */
  readonly help: string
}

export interface DiagnosticDefinition<A extends readonly unknown[]> {
  readonly code: string
  readonly severity?: Severity
  readonly message: (...args: A) => string
  readonly help: string | ((...args: A) => string)
}

/** Where a diagnostic belongs. */
export interface DiagnosticPlace {
  readonly at: CallSite
  readonly path?: readonly string[]
}

/** Makes one kind of diagnostic: `(place, ...args) => Diagnostic`, carrying its `code`. */
export interface DefinedDiagnostic<A extends readonly unknown[]> {
  (place: DiagnosticPlace, ...args: A): Diagnostic
  readonly code: string
}

export function defineDiagnostic<A extends readonly unknown[]>(
  definition: DiagnosticDefinition<A>,
): DefinedDiagnostic<A> {
  const { code, severity = 'error', message, help } = definition
  const make = ({ at, path = [] }: DiagnosticPlace, ...args: A): Diagnostic => ({
    code,
    severity,
    message: message(...args),
    at,
    path,
    help: typeof help === 'string' ? help : help(...args),
  })
  return Object.assign(make, { code })
}
