/** Opens the log of an application: by its settings, or the one it was given. */
import type { Writable } from 'node:stream'

import { readConfig } from '../config/read-config.ts'
import { Environment } from '../config/read-environment.ts'
import { LogConfig } from './log-config.ts'
import { LogControl } from './log-control.ts'
import type { Logger, LogThreshold } from './logger.ts'
import { Redactor } from './redact.ts'
import { WinstonLogger } from './winston-logger.ts'

export interface OpenLog {
  readonly logger: Logger
  readonly control: LogControl
  /** A text that must never be written, such as the value of a secret setting. */
  readonly registerSecret: (text: string) => void
  /** Resolves when every line is written. */
  readonly close: () => Promise<void>
}

/** Where an application writes its log instead of standard output. */
export interface LogPlace {
  readonly output: Writable
  /** The least important level that is written when `LOG_LEVEL` is not set. */
  readonly byDefault: LogThreshold
}

/** @param given - Written to instead; it masks and closes by itself. */
export async function openLog(environment: Environment, given?: Logger, place?: LogPlace): Promise<OpenLog> {
  const control = new LogControl()
  if (given) return { logger: given, control, registerSecret: () => {}, close: async () => {} }
  const { level, format, file } = await settingsOf(environment)
  const redactor = new Redactor()
  const { ambientFields, tell } = control
  const logger = new WinstonLogger({
    level: place && environment.originOf('LOG_LEVEL') === undefined ? place.byDefault : level,
    format,
    file,
    output: place?.output,
    redactor,
    ambientFields,
    onRecord: tell,
  })
  control.connect(logger)
  return { logger, control, registerSecret: (text) => redactor.register(text), close: () => logger.close() }
}

/** Settings that are wrong are reported by the check, with all the others; until then the log has its defaults. */
async function settingsOf(environment: Environment): Promise<LogConfig> {
  const reading = await readConfig(LogConfig, environment)
  if (reading.problems.length === 0) return reading.config
  return (await readConfig(LogConfig, new Environment(environment.name, {}))).config
}
