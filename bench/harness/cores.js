/** The server runs on the first core and its load on the second, where there are two and taskset can pin to them. */
import { spawn, spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

const CAN_PIN = availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0

export const SERVER_CORE = 0
export const LOAD_CORE = 1

export const pinning = CAN_PIN ? 'server on core 0, load on core 1' : 'no pinning to cores'

/** Like `spawn`, on one core. The process id is the program's own. */
export function spawnOn(core, command, args, options) {
  return CAN_PIN ? spawn('taskset', ['-c', String(core), command, ...args], options) : spawn(command, args, options)
}
