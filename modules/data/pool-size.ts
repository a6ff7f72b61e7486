/** How many connections a process opens to one server at most. */
import { availableParallelism } from 'node:os'

const EACH_CORE = 4
const LEAST = 10
const MOST = 40

/** As many as the core count suggests, unless it is set: more would wait for the server, fewer for each other. */
export function poolSize(configured: number | undefined, cores: number = availableParallelism()): number {
  return configured ?? Math.min(MOST, Math.max(LEAST, cores * EACH_CORE))
}
