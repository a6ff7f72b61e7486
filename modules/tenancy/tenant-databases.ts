/** Keeps the database of a tenant open while code acts for it, where each tenant has one. */
import { Database } from 'tenon/data'
import { Injectable, OnShutdown } from 'tenon/decorators'

import { TenancyConfig } from './tenancy-config.ts'

/** The applications that are open and have databases for tenants: functions that act for a tenant belong to none. */
const OPEN = new Set<TenantDatabases>()

@Injectable()
export class TenantDatabases {
  readonly #database: Database
  readonly #isUsed: boolean

  constructor(database: Database, config: TenancyConfig) {
    this.#database = database
    this.#isUsed = config.strategy === 'database'
  }

  /** As soon as the application's own database is open: what is done at start may act for tenants. */
  open(): void {
    OPEN.add(this)
  }

  @OnShutdown()
  close(): void {
    OPEN.delete(this)
  }

  /** `undefined` where there is nothing to open. @returns What gives it back. */
  take(tenant: string): Promise<() => void> | undefined {
    return this.#isUsed ? this.#database.take(tenant) : undefined
  }
}

/**
 * Runs `work` with the databases of a tenant open, in every application that has one of it.
 * @throws `DATA_OWNER_DATABASE_MISSING` when no application has one, `DATA_OWNER_DATABASES_BUSY`
 */
export async function withDatabaseOf<T>(tenant: string, work: () => T | Promise<T>): Promise<T> {
  if (OPEN.size === 0) return work()
  const taken = await Promise.allSettled([...OPEN].map(async (each) => each.take(tenant)))
  try {
    const [failed] = taken.filter(({ status }) => status === 'rejected')
    if (failed && taken.every(({ status }) => status === 'rejected')) throw (failed as PromiseRejectedResult).reason
    return await work()
  } finally {
    for (const each of taken) if (each.status === 'fulfilled') each.value?.()
  }
}
