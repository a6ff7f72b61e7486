/**
 * Tells PostgreSQL's connections whom they work for: each time one is taken from the pool, and again where code that
 * holds one begins to act for somebody else. What a connection was told for the last one never stays.
 */
import type { DataSource } from 'typeorm'

import { ConnectionUnsettled, OwnerSchemaMissing } from './owner-errors.ts'
import type { OwnedRows } from './owned-rows.ts'
import { EVERYBODY, type RowOwners } from './row-owners.ts'

/** What policies compare the owner with. */
export const OWNER_SETTING = 'tenon.owner'

/** What `tenon.owner` is for code that may see all rows; no owner has this name. */
export const ALL_OWNERS = '*'

/** So many connections in a row that do not take what they are told: then it is the server. */
const MOST_SPOILT = 20

const SETTINGS: unique symbol = Symbol('tenon.data.connectionSettings')

interface Client {
  query(query: {
    readonly name: string
    readonly text: string
    readonly values: unknown[]
  }): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>
  release(error?: unknown): void
  on(event: 'error', listener: (error: unknown) => void): void
  off(event: 'error', listener: (error: unknown) => void): void
}

type Taken = (error: unknown, client: Client | undefined, release: Client['release']) => void

interface Pool {
  connect(): Promise<Client>
}

interface Told {
  readonly what: string
  /** Told within a transaction, which takes it back when it, or a savepoint in it, is rolled back. */
  readonly mayBeTakenBack: boolean
}

export class ConnectionSettings {
  readonly #rows: OwnedRows
  readonly #told = new WeakMap<object, Told>()
  /** As whom each connection acts, since it is new. */
  readonly #roles = new WeakMap<object, unknown>()

  constructor(rows: OwnedRows) {
    this.#rows = rows
  }

  /** Whether there is anything that connections are told. */
  static areNeeded(owners: RowOwners): boolean {
    return owners.hasPolicies || Object.keys(owners.connectionSettings()).length > 0
  }

  static of(source: DataSource): ConnectionSettings | undefined {
    return (source as { readonly [SETTINGS]?: ConnectionSettings })[SETTINGS]
  }

  /** Every connection that leaves the pool is told, from the moment when there is one. */
  static attach(source: DataSource, rows: OwnedRows): ConnectionSettings {
    const settings = new ConnectionSettings(rows)
    const initialize = source.initialize.bind(source)
    return Object.assign(source, {
      [SETTINGS]: settings,
      initialize: async () => {
        await initialize()
        settings.#watch(source)
        return source
      },
    })[SETTINGS]
  }

  #watch(source: DataSource): void {
    const pool = (source.driver as unknown as { readonly master: Pool }).master
    const connect = pool.connect.bind(pool)
    const take = async (spoilt = 0): Promise<Client> => {
      const client = await connect()
      client.on('error', leaveToStatement)
      try {
        await this.#tell(client, this.#current, false)
      } catch (error) {
        // Where there is no schema, nothing is wrong with the connection.
        const isSound = error instanceof OwnerSchemaMissing
        client.release(isSound ? undefined : error)
        if (isSound || spoilt === MOST_SPOILT) throw error
        // Whoever had it before has spoilt it, or it is gone; the next caller is not to suffer for it.
        return await take(spoilt + 1)
      } finally {
        client.off('error', leaveToStatement)
      }
      return client
    }
    // TypeORM and the pool itself hand in a callback.
    Object.assign(pool, {
      connect: (taken?: Taken) => {
        if (!taken) return take()
        take().then(
          (client) => taken(undefined, client, client.release),
          (error: unknown) => taken(error, undefined, () => undefined),
        )
        return undefined
      },
    })
  }

  /** Before each statement on a connection that is held. */
  async keep(connection: object): Promise<void> {
    const told = this.#told.get(connection)
    const wanted = this.#current
    if (told?.what === print(wanted) && !told.mayBeTakenBack) return
    await this.#tell(connection as Client, wanted, true)
  }

  /** Somebody may have told it something else: before the next statement it is told anew. */
  doubt(connection: object): void {
    this.#told.delete(connection)
  }

  get #current(): Readonly<Record<string, string>> {
    const { owners, owner } = this.#rows
    const own = typeof owner === 'string' ? owner : owner === EVERYBODY ? ALL_OWNERS : ''
    return { ...(owners.hasPolicies ? { [OWNER_SETTING]: own } : {}), ...owners.connectionSettings() }
  }

  /**
   * @throws `DATA_CONNECTION_UNSETTLED` when the connection answers something else than it was told, or acts as somebody else
   * than when it was new; `DATA_OWNER_SCHEMA_MISSING` when it looks for tables elsewhere than in the owner's schema.
   */
  async #tell(client: Client, wanted: Readonly<Record<string, string>>, mayBeTakenBack: boolean): Promise<void> {
    this.#told.delete(client)
    const names = Object.keys(wanted)
    if (names.length > 0) {
      const calls = names.map((name, index) => `set_config('${name}', $${index + 1}, false) AS "${name}"`)
      const { rows } = await client.query({
        name: `tenon_settings_${names.join('_')}`,
        text: `SELECT ${calls.join(', ')}, current_user AS "tenon.role", current_schema() AS "tenon.schema"`,
        values: Object.values(wanted),
      })
      const [answer = {}] = rows
      for (const name of names) if (answer[name] !== wanted[name]) throw new ConnectionUnsettled(name)
      this.#requireRole(client, answer['tenon.role'])
      const schema = /^"([^"]+)"/.exec(wanted['search_path'] ?? '')?.[1]
      if (schema !== undefined && answer['tenon.schema'] !== schema) throw new OwnerSchemaMissing(schema)
    }
    this.#told.set(client, { what: print(wanted), mayBeTakenBack })
  }

  /** Policies hold for one role and not for another. */
  #requireRole(client: object, role: unknown): void {
    if (!this.#roles.has(client)) this.#roles.set(client, role)
    if (this.#roles.get(client) !== role) throw new ConnectionUnsettled('its role')
  }
}

/** The statement on a connection that breaks off fails; without a listener the process would as well. */
function leaveToStatement(): void {}

function print(settings: Readonly<Record<string, string>>): string {
  return JSON.stringify(settings)
}
