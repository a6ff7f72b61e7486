/** The data module's own parts, put together by hand: what a test needs that needs no application. */
import { ModuleGraph, type Environment } from 'tenon'
import { Database, DatabaseConfig, UnitOfWork } from 'tenon/data'
import { MemoryLogger } from 'tenon/testing'

import { Customer, Customers, Ticket, Tickets, Vote, Votes } from './tickets.ts'

export interface OpenData extends AsyncDisposable {
  readonly database: Database
  readonly unitOfWork: UnitOfWork
  readonly tickets: Tickets
  readonly customers: Customers
  readonly votes: Votes
  readonly logs: MemoryLogger
}

export interface DataSettings extends Partial<DatabaseConfig> {
  /** Default: `test`. */
  readonly environment?: 'test' | 'production'
}

/** Not opened yet. */
export function makeData({ environment = 'test', ...settings }: DataSettings = {}): OpenData {
  const config = Object.assign(new DatabaseConfig(), {
    log: false,
    migrate: true,
    contract: false,
    heldWarningMs: 10_000,
    poolWaitMs: 8000,
    entities: [Ticket, Customer, Vote],
    ...settings,
  })
  const surroundings = { isTest: environment === 'test', isProduction: environment === 'production' } as Environment
  const graph = new ModuleGraph({ modules: [], providers: [], endpoints: [], interceptors: [], findings: [] })
  const logs = new MemoryLogger()
  const database = new Database(config, surroundings, graph, logs)
  const unitOfWork = new UnitOfWork(database)
  return {
    database,
    unitOfWork,
    logs,
    tickets: new Tickets(unitOfWork),
    customers: new Customers(unitOfWork),
    votes: new Votes(unitOfWork),
    [Symbol.asyncDispose]: () => database.close(),
  }
}

/** Opened, in memory and with its tables unless the settings say otherwise. */
export async function openData(settings: DataSettings = {}): Promise<OpenData> {
  const data = makeData({ synchronize: true, ...settings })
  await data.database.open()
  return data
}
