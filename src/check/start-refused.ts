/** Raised instead of starting a program that does not hold together; carries everything that was found. */
import { inspect } from 'node:util'

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
  readonly #diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    super(printDiagnostics(diagnostics.filter(({ severity }) => severity !== 'note')))
    this.#diagnostics = diagnostics
    // Nobody catches it as a rule, so Node prints it: the diagnostics say where, and our own frames would hide them.
    this.stack = `${this.name}: ${this.message}`
  }

  /** All of them, also those that would not have refused the start alone. */
  get diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics
  }

  [inspect.custom](): string {
    return this.stack ?? this.message
  }
}
