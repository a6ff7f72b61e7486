/**
 * The text that runs where it is not the text of the file: a loader compiled it on the way. Positions of the running
 * program count in that text.
 */
import { readFileSync } from 'node:fs'

export interface RunningSource {
  readonly text: string
  /** Where a position of the text was written, for what the compiler's map leaves out; lines and columns from 1. */
  locate(line: number, column: number): { readonly line: number; readonly column: number } | undefined
}

const COMPILED = new Map<string, RunningSource>()

/** Told by a loader. @param file - Its path. */
export function noteRunningSource(file: string, source: RunningSource): void {
  COMPILED.set(file, source)
}

/** What a loader made of a file; `undefined` when the file runs as it is. */
export function compiledInPlace(file: string): RunningSource | undefined {
  return COMPILED.get(file)
}

/** @throws when the file cannot be read. */
export function runningText(file: string): string {
  return COMPILED.get(file)?.text ?? readFileSync(file, 'utf8')
}
