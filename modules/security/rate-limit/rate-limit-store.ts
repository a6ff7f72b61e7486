/** Where allowances are kept. Memory is built in; Redis and SQL make several processes count together. */
import type { Rate, Verdict } from './gcra.ts'

export abstract class RateLimitStore {
  /** How logs call it. */
  abstract readonly name: string

  /**
   * One step of the algorithm for one subject, as if no other process existed meanwhile.
   * @param cost - A whole number, at most what the whole allowance holds.
   * @throws whatever keeps it from deciding; then the insurance decides.
   */
  abstract take(key: string, rate: Rate, cost: number): Verdict | Promise<Verdict>
}
