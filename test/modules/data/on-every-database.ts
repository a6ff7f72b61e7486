/** One suite, every database: SQLite in memory and in a file, and the servers that run on this machine. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createDatabase, SERVERS, whyNot } from './servers.ts'

export type DatabaseKind = 'sqlite' | 'postgres' | 'mariadb'

export interface DatabaseUnderTest {
  readonly name: string
  readonly kind: DatabaseKind
  /** An empty database, dropped at the end. */
  create(): Promise<{ readonly url: string } & AsyncDisposable>
}

interface Candidate extends DatabaseUnderTest {
  /** Why it cannot be used. */
  readonly missing: string | undefined
}

const CANDIDATES: readonly Candidate[] = [
  {
    name: 'SQLite in memory',
    kind: 'sqlite',
    missing: undefined,
    create: () => Promise.resolve({ url: 'sqlite::memory:', [Symbol.asyncDispose]: () => Promise.resolve() }),
  },
  { name: 'SQLite in a file', kind: 'sqlite', missing: undefined, create: createFile },
  await server('PostgreSQL', 'postgres'),
  await server('MariaDB', 'mariadb'),
]

/** Describes the suite once for each; one that is not there is skipped by name, and fails with `CI=true`. */
export function onEveryDatabase(title: string, suite: (database: DatabaseUnderTest) => void): void {
  for (const candidate of CANDIDATES) {
    const { name, missing } = candidate
    const run = missing === undefined || process.env['CI'] === 'true' ? describe : describe.skip
    run(`${title} on ${name}${missing === undefined ? '' : ` (not there: ${missing})`}`, () => suite(candidate))
  }
}

async function createFile(): Promise<{ readonly url: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-data-'))
  return {
    url: `sqlite:${join(folder, 'test.sqlite')}`,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

async function server(name: keyof typeof SERVERS, kind: DatabaseKind): Promise<Candidate> {
  return { name, kind, missing: await whyNot(SERVERS[name]), create: () => createDatabase(SERVERS[name]) }
}
