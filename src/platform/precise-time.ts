/** The clock for durations. */

let clock: typeof performance | undefined

/** Milliseconds since the process began. The global name is a getter, which calls would pay for; loading it takes a start. */
export function preciseMs(): number {
  clock ??= performance
  return clock.now()
}
