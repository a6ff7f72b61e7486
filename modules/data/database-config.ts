/** What may be chosen about the database. */
import { Config, Env, type AbstractClass, type Class, type Surroundings } from 'tenon/decorators'

import type { Migration } from './migration.ts'
import type { SourceSettings } from './sources/source-settings.ts'

@Config('database')
export class DatabaseConfig {
  /** `sqlite:<path>`, `sqlite::memory:`, `postgres://…`, `mysql://…` or `mariadb://…`. */
  @Env('DATABASE_URL', {
    optional: true,
    secret: true,
    description: 'The database. Default: sqlite:data/app.sqlite, in tests sqlite::memory:',
  })
  readonly url?: string

  /** Log every statement at level `debug`. */
  @Env('DATABASE_LOG', { default: false, description: 'Log every SQL statement at level debug' })
  readonly log!: boolean

  /** Run pending migrations at start. */
  @Env('DATABASE_MIGRATE', { default: true, description: 'Run pending migrations at start' })
  readonly migrate!: boolean

  /** Also run what waits until no version of the application before this one is running. */
  @Env('DATABASE_CONTRACT', { default: false, description: 'Run contract migrations: the version before is gone' })
  readonly contract!: boolean

  /** Most connections at once, to each server. Default: four for each core, from 10 to 40. */
  @Env('DATABASE_POOL_SIZE', { optional: true, description: 'Most connections at once. Default: 4 a core, 10 to 40' })
  readonly poolSize?: number

  /** Longest that a transaction waits for a connection, in milliseconds. */
  @Env('DATABASE_POOL_WAIT_MS', { default: 8000, description: 'Longest wait of a transaction for a connection' })
  readonly poolWaitMs!: number

  /** Transactions that hold a connection for longer are logged with the place that began them, in milliseconds. */
  @Env('DATABASE_HELD_WARNING_MS', {
    default: 10_000,
    description: 'Log transactions that take longer, with file:line',
  })
  readonly heldWarningMs!: number

  /** A folder with further migrations, one a file: `<time stamp>-<name>.ts`. */
  @Env('DATABASE_MIGRATIONS', { optional: true, description: 'The folder of the migrations' })
  readonly migrationsFolder?: string

  /** With what the cursors of pages are signed. Default: by chance, so that they hold until the process ends. */
  @Env('DATABASE_CURSOR_SECRET', {
    optional: true,
    secret: true,
    description: 'Signs cursors, the same in all processes',
  })
  readonly cursorSecret?: string

  /**
   * What happens when a call sends the same question once for each row: it is logged, or the call fails. Default: `off`
   * in production, `warn` elsewhere.
   */
  @Env('DATABASE_REPEATED_READS', {
    default: ({ environment }: Surroundings) => (environment === 'production' ? 'off' : 'warn'),
    oneOf: ['off', 'warn', 'fail'],
    description: 'The same question for each row: off, warn or fail',
  })
  readonly repeatedReads!: 'off' | 'warn' | 'fail'

  /** Databases that follow this one and answer reads; see the docs for which reads. */
  @Env('DATABASE_REPLICA_URLS', { optional: true, secret: true, description: 'Read replicas, separated by commas' })
  readonly replicaUrls?: string[]

  /** A replica that is further behind is not read, in milliseconds. */
  @Env('DATABASE_REPLICA_MAX_LAG_MS', { default: 5000, description: 'A replica further behind is not read' })
  readonly replicaMaxLagMs!: number

  /** How long after a write the same caller reads from the primary, in later calls to this process, in milliseconds. */
  @Env('DATABASE_REPLICA_STICKY_MS', {
    default: 2000,
    description: 'Who has written reads from the primary for so long',
  })
  readonly replicaStickyMs!: number

  /** Answers one number, how many seconds a replica is behind. Default: what the kind of database has for it. */
  readonly replicaLagSql?: string

  /** The databases of further sources, by the name of the source in capitals. */
  @Env('DATABASE_URL_*', { secret: true, description: 'Further databases, by name' })
  readonly urls?: Readonly<Record<string, string>>

  /** The folders of their migrations. */
  @Env('DATABASE_MIGRATIONS_*', { description: 'The folders of their migrations' })
  readonly migrationFolders?: Readonly<Record<string, string>>

  /** Their replicas, separated by commas. */
  @Env('DATABASE_REPLICA_URLS_*', { secret: true, description: 'Their replicas, separated by commas' })
  readonly replicaUrlLists?: Readonly<Record<string, string>>

  /** Further databases by the names that `@DataSource` uses. */
  readonly sources: Readonly<Record<string, SourceSettings>> = {}

  /** Of a further source: whether the application is not ready while it is not. */
  readonly critical: boolean = true

  /** Entities besides those of the modules and repositories. */
  readonly entities: readonly AbstractClass[] = []

  /** Migrations, in any order: the time stamp that ends each class name decides. */
  readonly migrations: readonly Class<Migration>[] = []

  /** Let TypeORM change the schema to fit the entities at start. It may drop columns; refused in production. */
  readonly synchronize: boolean = false
}
