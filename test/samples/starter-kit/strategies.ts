/** The starter kit with each way to keep tenants apart, on each database: chosen by variables alone. */
import { onEveryDatabase } from '../../modules/data/on-every-database.ts'
import { createDatabase, SERVERS } from '../../modules/data/servers.ts'
import { createOrdinaryDatabase, onPostgres } from '../../modules/tenancy/ordinary-user.ts'

export interface StrategyUnderTest {
  readonly strategy: 'shared' | 'schema' | 'database'
  /** An empty database, and what the application is told of it. */
  create(): Promise<{ readonly env: Readonly<Record<string, string>> } & AsyncDisposable>
}

type Created = Promise<{ readonly url: string } & AsyncDisposable>

const onlyPostgres = await onPostgres('The starter kit on PostgreSQL')

/** Describes the suite once for each pair; in a quick run once for each strategy. */
export function onEveryStrategy(suite: (under: StrategyUnderTest) => void): void {
  const isFull = Boolean(process.env['FULL'])
  const run = (name: string, strategy: StrategyUnderTest['strategy'], create: () => Created): void =>
    describe(name, () => suite(underTest(strategy, create)))
  describe('The starter kit with a column of the tenant', () => {
    run('in SQLite', 'shared', () =>
      Promise.resolve({ url: 'sqlite::memory:', [Symbol.asyncDispose]: () => Promise.resolve() }),
    )
  })
  onlyPostgres(() => {
    run('with a column of the tenant, behind policies', 'shared', createOrdinaryDatabase)
    run('with a schema for each', 'schema', createOrdinaryDatabase)
    if (!isFull) return
    run('with a column, for a superuser', 'shared', () => createDatabase(SERVERS.PostgreSQL))
    run('with a schema for each, for a superuser', 'schema', () => createDatabase(SERVERS.PostgreSQL))
    run('with a database for each, behind policies', 'database', () => createOrdinaryDatabase('CREATEDB'))
  })
  onEveryDatabase('The starter kit with a database for each', ({ name, create }) => {
    if (name === 'SQLite in a file' || (isFull && name !== 'SQLite in memory')) suite(underTest('database', create))
  })
}

function underTest(strategy: StrategyUnderTest['strategy'], create: () => Created): StrategyUnderTest {
  return {
    strategy,
    create: async () => {
      const { url, [Symbol.asyncDispose]: drop } = await create()
      return { env: { DATABASE_URL: url, TENANCY_STRATEGY: strategy }, [Symbol.asyncDispose]: drop }
    },
  }
}
