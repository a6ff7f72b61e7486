/** An error as the shell shows it: code, what is wrong, the fix, and where to read more. */
import { inspect } from 'node:util'

import type { Diagnostic } from '../check/diagnostic.ts'
import { StartRefused } from '../check/start-refused.ts'
import { printDiagnostics } from '../check/print-diagnostics.ts'
import { TenonError } from '../errors/define-error.ts'
import { problemOf, type ProblemError } from '../errors/problem.ts'
import { describeDiagnostic, type DescribedDiagnostic } from './describe-diagnostic.ts'
import { EXIT } from './exit-codes.ts'
import { painter, type ToolIo } from './tool-io.ts'

/** An error for programs. */
export interface DescribedFailure {
  readonly code: string
  readonly message: string
  readonly help?: string
  readonly errors?: readonly ProblemError[]
  readonly diagnostics?: readonly DescribedDiagnostic[]
}

export function describeFailure(error: unknown): DescribedFailure {
  const diagnostics = diagnosticsOf(error)
  if (diagnostics) {
    const message = 'The application does not start.'
    return { code: 'APP_START_REFUSED', message, diagnostics: diagnostics.map(describeDiagnostic) }
  }
  const { code, errors } = problemOf(error)
  const message = error instanceof Error ? error.message : String(error)
  return {
    code: error instanceof TenonError ? error.code : code,
    message,
    ...(error instanceof TenonError ? { help: error.help } : {}),
    ...(errors ? { errors } : {}),
  }
}

export function printFailure(error: unknown, io: ToolIo): string {
  const paint = painter(io.errors)
  const diagnostics = diagnosticsOf(error)
  if (diagnostics) return printDiagnostics(diagnostics, { stream: io.errors })
  if (!(error instanceof TenonError)) {
    // Nobody foresaw it, so the stack is the best that can be said.
    return `${paint('red', 'error')} ${error instanceof Error ? (error.stack ?? error.message) : inspect(error)}`
  }
  const { code, message, help, errors = [], cause } = error
  const link = `tenon explain ${code}`
  return [
    `${paint('red', 'error')} ${paint(['bold', 'red'], code)}`,
    `  ${paint('bold', message.replaceAll('\n', '\n  '))}`,
    ...errors.map(({ pointer, detail }) => `  ${paint('dim', nameOf(pointer))} ${detail}`),
    ...(cause instanceof Error && !message.includes(cause.message)
      ? [`  ${paint('dim', 'cause:')} ${cause.message}`]
      : []),
    `  ${paint('green', 'fix:')}  ${help}`,
    `  ${paint('dim', 'more:')} ${link}`,
  ].join('\n')
}

/** A wrong word is 2, a program that does not stand is 3, all else is 1. */
export function exitCodeOf(error: unknown): number {
  if (diagnosticsOf(error)) return EXIT.application
  if (!(error instanceof TenonError)) return EXIT.failed
  if (/^CLI_(APP|IMPORT|METADATA|BUILD)_/.test(error.code)) return EXIT.application
  return error.code.startsWith('CLI_') || error.status === 400 || error.status === 422 ? EXIT.usage : EXIT.failed
}

function diagnosticsOf(error: unknown): readonly Diagnostic[] | undefined {
  return error instanceof StartRefused ? error.diagnostics.filter(({ severity }) => severity !== 'note') : undefined
}

/** `#/query/amount` is the option, `#/path/name` the argument. */
function nameOf(pointer: string): string {
  return pointer.replace(/^#\/query\//, '--').replace(/^#\/path\//, '')
}
