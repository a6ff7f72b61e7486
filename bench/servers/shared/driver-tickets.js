/** The reference of the database scenario: the bare driver, one prepared statement for each question. */
import { DatabaseSync } from 'node:sqlite'

import { DATABASE_URL } from './settings.js'

const COLUMNS = '"id", "title", "body", "state", "priority", "requester", "createdAt"'

/** Answers `{ one(id), some(limit) }`; each a value or a promise. */
export async function openTickets() {
  const sqlite = /^sqlite:(.+)$/.exec(DATABASE_URL)
  return sqlite ? overSqlite(new DatabaseSync(sqlite[1])) : overPostgres((await import('pg')).default)
}

function overSqlite(database) {
  const one = database.prepare(`SELECT ${COLUMNS} FROM tickets WHERE id = ?`)
  const some = database.prepare(`SELECT ${COLUMNS} FROM tickets ORDER BY id LIMIT ?`)
  return { one: (id) => one.get(id), some: (limit) => some.all(limit) }
}

function overPostgres({ Pool }) {
  const pool = new Pool({ connectionString: DATABASE_URL })
  return {
    async one(id) {
      const text = `SELECT ${COLUMNS} FROM tickets WHERE id = $1`
      return (await pool.query({ name: 'one', text, values: [id] })).rows[0]
    },
    async some(limit) {
      const text = `SELECT ${COLUMNS} FROM tickets ORDER BY id LIMIT $1`
      return (await pool.query({ name: 'some', text, values: [limit] })).rows
    },
  }
}
