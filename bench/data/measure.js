/**
 * Reads through repositories beside the bare driver and beside TypeORM, in interleaved slices of one process: only the
 * ratios mean anything elsewhere. Settings are those of production. Ratios are given by the clock, and by CPU time, of this
 * process and of PostgreSQL's (on Linux), which others on the machine change less.
 *
 *   npm run build && npm --prefix bench run data -- [rounds]
 *
 * PostgreSQL is measured where one listens on 127.0.0.1:5432 for postgres.
 */
import { readFileSync } from 'node:fs'
import { createServer, get, Agent } from 'node:http'

import { createApp, Module } from '../../dist/src/index.js'
import { Database, DataModule } from '../../dist/modules/data/index.js'

import { Customer, fill, Ticket, Tickets, Vote } from './entities.js'

const SLICE_MS = 120
const rounds = Number(process.argv[2] ?? 15)
const COLUMNS = 'id, title, state, assignee, channel, text, priority, version, points, urgent'

/** CPU time of the database's processes so far, in milliseconds. */
let serverCpu = async () => 0

const JOINED = `SELECT t.*, c.id AS c_id, c.email, c.name, v.id AS v_id, v.voter FROM ticket t
  LEFT JOIN customer c ON c.id = t."customerId" LEFT JOIN vote v ON v."ticketId" = t.id`

await measure('SQLite', 'sqlite::memory:', (source) => {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
  const bare = new DatabaseSync(':memory:')
  for (const sql of source.statements) bare.exec(sql)
  const one = bare.prepare(`SELECT ${COLUMNS} FROM ticket WHERE id = ?`)
  const page = bare.prepare(`SELECT ${COLUMNS} FROM ticket ORDER BY id LIMIT ?`)
  return {
    one: async (id) => one.get(id),
    page: async () => page.all(20),
    joined: async () => bare.prepare(JOINED).all(),
  }
})

const server = 'postgres://postgres@127.0.0.1:5432/'
const { default: pg } = await import('pg')
const admin = new pg.Client(`${server}postgres`)
if (
  await admin.connect().then(
    () => true,
    () => false,
  )
) {
  const name = `tenon_bench_${process.pid}`
  await admin.query(`CREATE DATABASE ${name}`)
  const pool = new pg.Pool({ connectionString: server + name })
  serverCpu = async () => {
    const { rows } = await admin.query('SELECT pid FROM pg_stat_activity WHERE datname = $1', [name])
    return rows.reduce(
      (sum, { pid }) => sum + Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6,
      0,
    )
  }
  await measure('PostgreSQL', server + name, () => ({
    one: async (id) => (await pool.query(`SELECT ${COLUMNS} FROM ticket WHERE id = $1`, [id])).rows[0],
    page: async () => (await pool.query(`SELECT ${COLUMNS} FROM ticket ORDER BY id LIMIT $1`, [20])).rows,
    joined: async () => (await pool.query(JOINED)).rows,
  }))
  await pool.end()
  await admin.query(`DROP DATABASE ${name}`)
} else console.log('\nPostgreSQL: not there')
await admin.end().catch(() => undefined)

async function measure(title, url, bareOf) {
  class AppModule {}
  Module({
    imports: [DataModule.with({ url, synchronize: true, repeatedReads: 'off', entities: [Ticket, Customer, Vote] })],
    providers: [Tickets],
  })(AppModule)
  const app = await createApp(AppModule, { env: { TENON_ENV: 'test', LOG_LEVEL: 'error' }, cwd: import.meta.dirname })
  const { source } = app.get(Database)
  await fill(source)
  await source.query('ANALYZE')
  const bare = bareOf({ statements: title === 'SQLite' ? await dump(source) : [] })
  const tickets = app.get(Tickets)
  const typeorm = source.getRepository(Ticket)
  const relations = { customer: true, votes: true }
  let id = 0
  const next = () => (id = (id % 500) + 1)

  console.log(`\n${title}, Node ${process.version}, median of ${rounds} interleaved slices\n`)
  console.log('| read | bare driver, µs | Tenon, µs | TypeORM, µs | bare / Tenon | TypeORM / Tenon | by CPU | by CPU |')
  console.log('|---|---:|---:|---:|---:|---:|---:|---:|')
  await row('one row by key', {
    bare: () => bare.one(next()),
    tenon: () => tickets.findOrFail(next()),
    typeorm: () => typeorm.findOneBy({ id: next() }),
  })
  await row('20 rows', {
    bare: () => bare.page(),
    tenon: () => tickets.find({ order: { id: 'ASC' }, take: 20 }),
    typeorm: () => typeorm.find({ order: { id: 'ASC' }, take: 20 }),
  })
  await row('1,000 rows, two relations (bare: flat rows)', {
    bare: () => bare.joined(),
    tenon: () => tickets.find({ relations }),
    typeorm: () => typeorm.find({ relations }),
  })
  await overHttp('one row by key over HTTP', {
    bare: () => bare.one(next()),
    tenon: () => tickets.findOrFail(next()),
    typeorm: () => typeorm.findOneBy({ id: next() }),
  })
  await overHttp('20 rows over HTTP', {
    bare: () => bare.page(),
    tenon: () => tickets.find({ order: { id: 'ASC' }, take: 20 }),
    typeorm: () => typeorm.find({ order: { id: 'ASC' }, take: 20 }),
  })
  await app.close()
}

async function overHttp(name, reads) {
  let read = reads.bare
  const http = createServer((_request, response) => {
    read().then((rows) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(rows))
    })
  })
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve))
  const agent = new Agent({ keepAlive: true })
  const { port } = http.address()
  const ask = () =>
    new Promise((resolve, reject) => {
      get({ port, host: '127.0.0.1', agent }, (response) => response.resume().on('end', resolve)).on('error', reject)
    })
  const through = Object.fromEntries(
    Object.entries(reads).map(([subject, each]) => [subject, () => ((read = each), ask())]),
  )
  await row(name, through)
  agent.destroy()
  http.close()
}

async function row(name, subjects) {
  const times = Object.fromEntries(Object.keys(subjects).map((each) => [each, []]))
  for (let round = -2; round < rounds; round += 1) {
    for (const [subject, read] of Object.entries(subjects)) {
      const time = await slice(read)
      if (round >= 0) times[subject].push(time)
    }
  }
  const of = (what) => ['bare', 'tenon', 'typeorm'].map((each) => median(times[each].map((time) => time[what])))
  const [bare, tenon, typeorm] = of('wall')
  const [bareCpu, tenonCpu, typeormCpu] = of('cpu')
  const ratio = (one, other) => (one / other).toFixed(2)
  const micro = (time) => (time * 1000).toFixed(1)
  const ratios = [ratio(bare, tenon), ratio(typeorm, tenon), ratio(bareCpu, tenonCpu), ratio(typeormCpu, tenonCpu)]
  console.log(`| ${[name, micro(bare), micro(tenon), micro(typeorm), ...ratios].join(' | ')} |`)
}

/** Milliseconds a read: of the clock, and on a processor. */
async function slice(read) {
  const server = await serverCpu()
  const start = performance.now()
  const cpu = process.cpuUsage()
  let count = 0
  while (performance.now() - start < SLICE_MS) {
    for (let n = 0; n < 10; n += 1) await read()
    count += 10
  }
  const { user, system } = process.cpuUsage(cpu)
  const wall = performance.now() - start
  return { wall: wall / count, cpu: ((user + system) / 1000 + (await serverCpu()) - server) / count }
}

/** The tables as statements, for a bare database of the same content. */
async function dump(source) {
  const schema = await source.query(
    `SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'`,
  )
  const tables = schema.filter(({ type }) => type === 'table')
  const literal = (value) => (typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value))
  const statements = ['PRAGMA foreign_keys = OFF', ...tables.map(({ sql }) => sql)]
  for (const { name } of tables) {
    for (const row of await source.query(`SELECT * FROM "${name}"`)) {
      statements.push(`INSERT INTO "${name}" VALUES (${Object.values(row).map(literal).join(', ')})`)
    }
  }
  return [...statements, ...schema.filter(({ type }) => type === 'index').map(({ sql }) => sql)]
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}
