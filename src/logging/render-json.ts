/** A record as one line of JSON: `time level message logger requestId`, then the other fields. */
import type { LogRecord } from './log-record.ts'

const OWN_NAMES: ReadonlySet<string> = new Set(['time', 'level', 'message', 'logger', 'fields'])

/** Fields that bear a name of the line itself stand under `fields`, so that none can be forged or lost. */
export function renderJson({ time, level, message, logger, fields }: LogRecord): string {
  const { requestId, ...others } = fields
  const names = Object.keys(others)
  const own = names.filter((name) => OWN_NAMES.has(name))
  return JSON.stringify({
    time: time.toISOString(),
    level,
    message,
    logger,
    requestId,
    ...(own.length === 0
      ? others
      : Object.fromEntries(names.filter((name) => !OWN_NAMES.has(name)).map((name) => [name, others[name]]))),
    ...(own.length === 0 ? {} : { fields: Object.fromEntries(own.map((name) => [name, others[name]])) }),
  })
}
