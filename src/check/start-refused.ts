/** Raised instead of starting a program that does not hold together; carries everything that was found. */
import { defineError } from '../errors/define-error.ts'
import type { Diagnostic } from './diagnostic.ts'
import { printDiagnostics } from './print-diagnostics.ts'

const Refused = defineError({
  code: 'APP_START_REFUSED',
  status: 500,
  message: (printed: string) => `The application does not start:\n\n${printed}`,
  help: 'Repair what is listed as an error; warnings alone do not keep it from starting.',
})

export class StartRefused extends Refused {
  declare readonly code: 'APP_START_REFUSED'
  declare readonly status: number
  declare readonly help: string
  /** All of them, also those that would not have refused the start alone. */
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    super(printDiagnostics(diagnostics.filter(({ severity }) => severity !== 'note')))
    this.diagnostics = diagnostics
  }
}
