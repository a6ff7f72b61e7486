/** A finding as plain data, its place translated to the source. */
import type { Diagnostic } from '../check/diagnostic.ts'
import { sourceOf, type SourceLocation } from '../errors/source-location.ts'

export interface DescribedDiagnostic extends Omit<Diagnostic, 'at'> {
  readonly at: SourceLocation
}

export function describeDiagnostic(diagnostic: Diagnostic): DescribedDiagnostic {
  return { ...diagnostic, at: sourceOf(diagnostic.at) }
}
