/** TypeORM's log in ours. Failed statements are not logged here: their error reaches the caller, who logs it once. */
import type { Logger } from 'tenon'
import type { Logger as TypeOrmLogger } from 'typeorm'

export class DatabaseLogger implements TypeOrmLogger {
  readonly #logger: Logger
  readonly #logsStatements: boolean

  constructor(logger: Logger, logsStatements: boolean) {
    this.#logger = logger
    this.#logsStatements = logsStatements
  }

  /** Parameters stay out: they are the users' data. */
  logQuery(sql: string): void {
    if (this.#logsStatements) this.#logger.debug(sql)
  }

  logQueryError(): void {}

  logQuerySlow(durationMs: number, sql: string): void {
    this.#logger.warn(`A statement took ${durationMs} ms.`, { sql, durationMs })
  }

  logSchemaBuild(message: string): void {
    this.#logger.debug(message)
  }

  logMigration(message: string): void {
    this.#logger.error(message)
  }

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    this.#logger[level === 'warn' ? 'warn' : 'debug'](String(message))
  }
}
