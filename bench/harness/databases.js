/** The databases of the row scenarios: made before, dropped after. */
import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

import { ROW_COUNT } from './scenarios.js'

const POSTGRES = process.env.BENCH_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
const CREATE = `CREATE TABLE tickets ("id" integer PRIMARY KEY, "title" varchar NOT NULL, "body" text NOT NULL,
  "state" varchar NOT NULL, "priority" integer NOT NULL, "requester" varchar NOT NULL, "createdAt" varchar NOT NULL,
  "tenantId" varchar NOT NULL)`
const INDEX = 'CREATE INDEX tickets_tenant ON tickets ("tenantId")'
/** Whose rows they are, for those who ask. */
const TENANT = 'acme'

/** Answers `{ url, drop() }`; `undefined` where the server is not there. */
export function createDatabase(kind, folder) {
  return kind === 'sqlite' ? createSqlite(folder) : createPostgres()
}

function createSqlite(folder) {
  const file = `${folder}/rows.sqlite`
  const database = new DatabaseSync(file)
  database.exec(`PRAGMA journal_mode = WAL; ${CREATE}; ${INDEX}; BEGIN`)
  const insert = database.prepare('INSERT INTO tickets VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  for (const row of rows()) insert.run(...row)
  database.exec('COMMIT')
  database.close()
  return { url: `sqlite:${file}`, drop: async () => rmSync(file) }
}

async function createPostgres() {
  const { default: pg } = await import('pg')
  const name = `tenon_bench_${process.pid}`
  const admin = new pg.Client({ connectionString: POSTGRES })
  try {
    await admin.connect()
  } catch (error) {
    console.error(`PostgreSQL is left out: ${error.message}`)
    return undefined
  }
  await admin.query(`CREATE DATABASE ${name}`)
  const url = new URL(POSTGRES)
  url.pathname = `/${name}`
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  await client.query(CREATE)
  await client.query(INDEX)
  for (const row of rows()) await client.query('INSERT INTO tickets VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', row)
  await client.end()
  return {
    url: url.href,
    async drop() {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await admin.end()
    },
  }
}

function* rows() {
  for (let id = 1; id <= ROW_COUNT; id += 1) {
    const day = String((id % 28) + 1).padStart(2, '0')
    yield [
      id,
      `Ticket ${id}: the printer on floor ${id % 9} is out of paper`,
      `Since this morning nothing comes out of it any more. ${'It blinks. '.repeat(id % 7)}`,
      id % 3 === 0 ? 'closed' : 'open',
      id % 5,
      `user${id % 40}@acme.example.com`,
      `2026-01-${day}T08:00:00.000Z`,
      TENANT,
    ]
  }
}
