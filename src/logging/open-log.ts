/** Opens the log of an application: by its settings, or the one it was given. */
import { readConfig } from '../config/read-config.ts'
import { Environment } from '../config/read-environment.ts'
import { tryCtx } from '../pipeline/context.ts'
import { LogConfig } from './log-config.ts'
import type { Logger } from './logger.ts'
import { Redactor } from './redact.ts'
import { WinstonLogger } from './winston-logger.ts'

export interface OpenLog {
  readonly logger: Logger
  /** A text that must never be written, such as the value of a secret setting. */
  readonly registerSecret: (text: string) => void
  /** Resolves when every line is written. */
  readonly close: () => Promise<void>
}

/** @param given - Written to instead; it masks and closes by itself. */
export async function openLog(environment: Environment, given?: Logger): Promise<OpenLog> {
  if (given) return { logger: given, registerSecret: () => {}, close: async () => {} }
  const { level, format, file } = await settingsOf(environment)
  const redactor = new Redactor()
  const logger = new WinstonLogger({ level, format, file, redactor, ambientFields })
  return { logger, registerSecret: (text) => redactor.register(text), close: () => logger.close() }
}

/** Settings that are wrong are reported by the check, with all the others; until then the log has its defaults. */
async function settingsOf(environment: Environment): Promise<LogConfig> {
  const reading = await readConfig(LogConfig, environment)
  if (reading.problems.length === 0) return reading.config
  return (await readConfig(LogConfig, new Environment(environment.name, {}))).config
}

/** What is going on tells lines of one call from those of another. */
function ambientFields(): { readonly requestId: string } | undefined {
  const context = tryCtx()
  return context && { requestId: context.id }
}
