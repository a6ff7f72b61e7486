export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export abstract class Logger {
  abstract debug(message: string, fields?: Record<string, unknown>): void
  abstract info(message: string, fields?: Record<string, unknown>): void
  abstract warn(message: string, fields?: Record<string, unknown>): void
  abstract error(message: string, fields?: Record<string, unknown>): void
  abstract isEnabled(level: LogLevel): boolean
  abstract child(fields: Record<string, unknown>): Logger
  abstract named(name: string): Logger
}
