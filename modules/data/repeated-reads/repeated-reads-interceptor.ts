/** Finds the calls that ask the database row by row, while they are being written and tested. */
import type { Around, CallContext, Endpoint, EndpointInterceptor } from 'tenon'
import { Interceptor, OnInit, OnShutdown } from 'tenon/decorators'

import { RepeatedReads } from './repeated-reads-errors.ts'
import { DatabaseConfig } from '../database-config.ts'
import { Database } from '../database.ts'
import { suggestRelation } from './suggest-relation.ts'
import { listen, watchReads, type RepeatedRead } from './watched-reads.ts'

@Interceptor({ phase: 'observe', order: 500 })
export class RepeatedReadsInterceptor implements EndpointInterceptor {
  readonly #database: Database
  readonly #mode: DatabaseConfig['repeatedReads']
  #stop: () => void = () => {}

  constructor(database: Database, { repeatedReads }: DatabaseConfig) {
    this.#database = database
    this.#mode = repeatedReads
  }

  @OnInit()
  listen(): void {
    if (this.#mode !== 'off') this.#stop = listen()
  }

  @OnShutdown()
  stop(): void {
    this.#stop()
  }

  /** @throws `DATA_REPEATED_READS` from the call, when the setting says so. */
  forEndpoint({ command }: Endpoint): Around | undefined {
    // A command that starts nothing has no database open: what it may read is that of another application, under proof.
    if (this.#mode === 'off' || command?.starts === false) return undefined
    return async (context, next) => {
      const { result, repeated } = await watchReads(next)
      for (const read of repeated) this.#tell(context, read)
      return result
    }
  }

  #tell({ endpoint, log }: CallContext, { sql, times, askedAt }: RepeatedRead): void {
    const advice = suggestRelation(this.#database.source, sql) ?? 'read all of them with one question'
    const error = new RepeatedReads(endpoint.name, times, askedAt, advice)
    if (this.#mode === 'fail') throw error
    log.warn(error.message, { code: error.code, help: error.help, sql })
  }
}
