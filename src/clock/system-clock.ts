/** The machine's own time. */
import { setTimeout } from 'node:timers/promises'

import { Clock } from './clock.ts'

export class SystemClock extends Clock {
  now(): Date {
    return new Date()
  }

  override epochMs(): number {
    return Date.now()
  }

  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    const sleeping = setTimeout(delayMs, undefined, signal ? { signal } : {})
    await sleeping.catch((error: unknown) => {
      throw signal?.aborted ? signal.reason : error
    })
  }
}
