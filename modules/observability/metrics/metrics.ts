/** All metrics of the application, as text. */
import { Injectable } from 'tenon/decorators'

import { CallMetrics } from './call-metrics.ts'
import type { Family } from './families.ts'
import { Gauges } from './gauges.ts'
import { MethodMetrics } from './method-metrics.ts'
import { SdkMetrics } from './sdk-metrics.ts'

@Injectable()
export class Metrics {
  readonly #calls: CallMetrics
  readonly #methods: MethodMetrics
  readonly #gauges: Gauges
  readonly #sdk: SdkMetrics

  constructor(calls: CallMetrics, methods: MethodMetrics, gauges: Gauges, sdk: SdkMetrics) {
    this.#calls = calls
    this.#methods = methods
    this.#gauges = gauges
    this.#sdk = sdk
  }

  /** As they are now. */
  async families(): Promise<readonly Family[]> {
    return [
      ...this.#calls.families(),
      ...this.#methods.families(),
      ...this.#gauges.families(),
      ...(await this.#sdk.families()),
    ]
  }
}
