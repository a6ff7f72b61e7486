/** TypeORM as an application without Tenon sets it up, on the database the harness names. */
import { DataSource } from 'typeorm'

import BetterSqlite from './better-sqlite.js'
import { DATABASE_URL } from './settings.js'
import { Ticket } from './ticket-entity.js'

export function openDataSource() {
  const sqlite = /^sqlite:(.+)$/.exec(DATABASE_URL)
  const options = sqlite
    ? { type: 'better-sqlite3', database: sqlite[1], driver: BetterSqlite }
    : { type: 'postgres', url: DATABASE_URL }
  return new DataSource({ ...options, entities: [Ticket] }).initialize()
}
