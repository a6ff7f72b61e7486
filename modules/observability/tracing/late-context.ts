/** A context that is made when somebody asks what it says: most parts of a pipeline do nothing that would. */
import type { Context } from '@opentelemetry/api'

export class LateContext implements Context {
  readonly #make: () => Context
  #context: Context | undefined

  constructor(make: () => Context) {
    this.#make = make
  }

  get #real(): Context {
    return (this.#context ??= this.#make())
  }

  getValue(key: symbol): unknown {
    return this.#real.getValue(key)
  }

  setValue(key: symbol, value: unknown): Context {
    return this.#real.setValue(key, value)
  }

  deleteValue(key: symbol): Context {
    return this.#real.deleteValue(key)
  }
}
