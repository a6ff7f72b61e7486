import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { runAsTenant, Tenants, type MigratedTenants } from 'tenon/tenancy'

import { Tickets } from './apart-desk.ts'
import { AddRank1751328000001, boot, CreateTickets1751328000000, idsOf, trouble } from './many-tenants.ts'
import { createOrdinaryDatabase, onPostgres } from './ordinary-user.ts'

const TENANTS = process.env['FULL'] ? 1000 : 20
/** Every so many has something in its tables that the migration does not expect. */
const BROKEN = 7
/** A third of them is done when the process is killed in the middle of the next. */
const DONE = Math.floor(TENANTS / 3)
const ids = idsOf(TENANTS)
const broken = ids.filter((_, index) => index > DONE && index % BROKEN === 5)

const PROGRAM = fileURLToPath(new URL('programs/many-tenants.js', import.meta.url))

/** Runs it until the middle of one tenant, and kills it there. */
async function crash(what: 'create' | 'migrate', strategy: string, url: string): Promise<unknown> {
  const child = spawn(process.execPath, [PROGRAM, what, strategy, url, String(TENANTS), ids[DONE]!], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  await Promise.race([once(child.stdout, 'data'), ended])
  child.kill('SIGKILL')
  return (await ended)[1]
}

interface Outcome {
  readonly migrated: readonly string[]
  readonly failed: readonly string[]
  readonly unchanged: number
}

function outcomeOf({ migrated, failed, unchanged }: MigratedTenants): Outcome {
  return {
    migrated: migrated.map(({ tenant }) => tenant),
    failed: failed.filter(({ error }) => error.includes('nowhere')).map(({ tenant }) => tenant),
    unchanged,
  }
}

interface Life {
  readonly crashes: readonly unknown[]
  /** Who was in the directory after the first crash. */
  readonly made: readonly string[]
  readonly runs: readonly Outcome[]
  /** The titles and ranks that some of them have, after each has written its own. */
  readonly rows: readonly string[]
}

async function lifeOf(strategy: 'schema' | 'database', url: string): Promise<Life> {
  const crashes = [await crash('create', strategy, url)]
  const made = await completeThem(strategy, url)
  crashes.push(await crash('migrate', strategy, url))
  await using app = await boot(strategy, url, [CreateTickets1751328000000, AddRank1751328000001])
  const tenants = app.get(Tenants)
  for (const tenant of broken) trouble.failing.add(tenant)
  const first = outcomeOf(await tenants.migrateAll())
  trouble.failing.clear()
  const runs = [first, outcomeOf(await tenants.migrateAll()), outcomeOf(await tenants.migrateAll())]
  for (const id of SOME) await runAsTenant(id, () => app.get(Tickets).insert({ title: id, rank: 1 }))
  const rows: string[] = []
  for (const id of SOME) {
    const found = await runAsTenant(id, () => app.get(Tickets).find())
    rows.push(found.map(({ title, rank }) => `${title} ${rank}`).join())
  }
  return { crashes, made, runs, rows }
}

/** @returns Who was there before. */
async function completeThem(strategy: 'schema' | 'database', url: string): Promise<readonly string[]> {
  await using app = await boot(strategy, url, [CreateTickets1751328000000])
  const tenants = app.get(Tenants)
  const made = (await tenants.list()).map(({ id }) => id)
  for (const id of ids.filter((each) => !made.includes(each))) await tenants.create({ id })
  return made
}

/** The first, the one in whose middle it crashed, one that failed, the last. */
const SOME = [ids[0]!, ids[DONE]!, broken[0]!, ids.at(-1)!]
const sound = ids.slice(DONE).filter((id) => !broken.includes(id))
const EXPECTED: Life = {
  crashes: ['SIGKILL', 'SIGKILL'],
  made: ids.slice(0, DONE),
  runs: [
    { migrated: sound, failed: broken, unchanged: DONE },
    { migrated: broken, failed: [], unchanged: DONE + sound.length },
    { migrated: [], failed: [], unchanged: TENANTS },
  ],
  rows: SOME.map((id) => `${id} 1`),
}

const suite = await onPostgres(`${TENANTS} schemas`)

suite(() => {
  it('are made and migrated, through crashes and failures that touch no other', async () => {
    await using created = await createOrdinaryDatabase()

    expect(await lifeOf('schema', created.url)).toEqual(EXPECTED)
  })
})

describe(`${TENANTS} SQLite files`, () => {
  it('are made and migrated, through crashes and failures that touch no other', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenon-many-'))

    expect(await lifeOf('database', `sqlite:${join(folder, 'desk.sqlite')}`)).toEqual(EXPECTED)

    await rm(folder, { recursive: true })
  })
})
