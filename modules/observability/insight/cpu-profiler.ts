/** Where the processor's time goes, as a `.cpuprofile` that developer tools and editors open. */
import { Session } from 'node:inspector/promises'
import { setTimeout as sleep } from 'node:timers/promises'

import { Injectable } from 'tenon/decorators'

import { ProfileRunning } from '../observability-errors.ts'

export const LONGEST_PROFILE_SECONDS = 120

@Injectable()
export class CpuProfiler {
  #isRunning = false

  /**
   * Records for so many seconds; the application is slower meanwhile.
   * @throws `OBSERVABILITY_PROFILE_RUNNING`
   */
  async record(seconds: number): Promise<object> {
    if (this.#isRunning) throw new ProfileRunning()
    this.#isRunning = true
    const session = new Session()
    try {
      session.connect()
      await session.post('Profiler.enable')
      await session.post('Profiler.start')
      await sleep(Math.min(seconds, LONGEST_PROFILE_SECONDS) * 1000)
      const { profile } = await session.post('Profiler.stop')
      return profile
    } finally {
      session.disconnect()
      this.#isRunning = false
    }
  }
}
