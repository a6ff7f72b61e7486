/** Names in generated code: values of the program go by reference, names of users only as text literals. */
import { REFUSED, type Reading } from './reading.ts'

/** How functions are made: written as code, or put together from closures where code may not be generated. */
export type BackEnd = 'code' | 'closures'

export class CodeScope {
  readonly #references = new Map<unknown, string>([[REFUSED, 'REFUSED']])
  #count = 0

  /** The name by which the code knows a value. */
  readonly refer = (value: unknown): string => {
    let name = this.#references.get(value)
    if (name === undefined) this.#references.set(value, (name = this.fresh('ref')))
    return name
  }

  /** A name that nothing else has. */
  fresh(stem: string): string {
    return `${stem}${this.#count++}`
  }

  writeReading(reading: Reading, variable: string, depth: string): string {
    if (reading.write) return reading.write(this, variable, depth)
    return `${variable} = ${this.refer(reading)}.read(${variable}, ${depth})\nif (${variable} === REFUSED) return REFUSED`
  }

  /** The function that an expression stands for. */
  compile<F>(expression: string): F {
    // oxlint-disable-next-line typescript/no-implied-eval -- what this file is for
    const make = new Function(...this.#references.values(), `'use strict'\nreturn ${expression}`) as (
      ...values: unknown[]
    ) => F
    return make(...this.#references.keys())
  }
}
