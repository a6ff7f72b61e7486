/** How the connections to the database are used, by the semantic conventions for database clients. */
import { Gauge, Injectable, type GaugeReading } from 'tenon/decorators'
import type { DataSource } from 'typeorm'

import { Database } from './database.ts'
import { DEFAULT_SOURCE } from './sources/source-settings.ts'
import type { SqliteDriver } from './sqlite/sqlite-driver.ts'
import { SqliteDataSource } from './sqlite/sqlite-data-source.ts'

interface PoolState {
  readonly used: number
  readonly idle: number
  readonly waiting: number
}

@Injectable()
export class PoolGauges {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  @Gauge('db.client.connection.count', { unit: '{connection}', description: 'Connections of the pool, by state.' })
  connections(): GaugeReading {
    return this.#pools.flatMap(({ used, idle, attributes }) => [
      { value: used, attributes: { ...attributes, 'db.client.connection.state': 'used' } },
      { value: idle, attributes: { ...attributes, 'db.client.connection.state': 'idle' } },
    ])
  }

  @Gauge('db.client.connection.pending_requests', {
    unit: '{request}',
    description: 'Callers that wait for a connection.',
  })
  waiting(): GaugeReading {
    return this.#pools.map(({ waiting, attributes }) => ({ value: waiting, attributes }))
  }

  /** Those of sources that are open, and of their replicas; the application's own database needs no name. */
  get #pools(): readonly NamedPool[] {
    return this.#database.all
      .filter(({ isOpen }) => isOpen)
      .flatMap(({ name, source, replicas }) => [
        { name: name === DEFAULT_SOURCE ? undefined : name, source },
        ...(replicas?.all ?? []).map((replica, index) => ({
          name: `${name}.replica.${index + 1}`,
          source: replica.source,
        })),
      ])
      .flatMap(({ name, source }) => {
        const state = stateOf(source)
        const attributes: Record<string, string> = name === undefined ? {} : { 'db.client.connection.pool.name': name }
        return state ? [{ ...state, attributes }] : []
      })
  }
}

interface NamedPool extends PoolState {
  readonly attributes: Readonly<Record<string, string>>
}

/** `undefined` for pools that do not say. */
function stateOf(source: DataSource): PoolState | undefined {
  if (!source.isInitialized) return undefined
  if (source instanceof SqliteDataSource) return sqliteState(source.driver as SqliteDriver)
  const { master, pool } = source.driver as unknown as {
    readonly master?: PostgresPool
    readonly pool?: MysqlPool
  }
  if (master) {
    const { totalCount, idleCount, waitingCount } = master
    return { used: totalCount - idleCount, idle: idleCount, waiting: waitingCount }
  }
  if (!pool?._allConnections) return undefined
  const idle = pool._freeConnections.length
  return { used: pool._allConnections.length - idle, idle, waiting: pool._connectionQueue.length }
}

interface PostgresPool {
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
}

/** mysql2 tells it nowhere else. */
interface MysqlPool {
  readonly _allConnections?: { readonly length: number }
  readonly _freeConnections: { readonly length: number }
  readonly _connectionQueue: { readonly length: number }
}

/** One connection, and a queue before it. */
function sqliteState({ owners }: SqliteDriver): PoolState {
  const used = owners.owner === undefined ? 0 : 1
  return { used, idle: 1 - used, waiting: owners.waiting }
}
