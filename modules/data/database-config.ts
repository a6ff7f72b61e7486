/** What may be chosen about the database. */
import { Config, Env, type AbstractClass, type Class } from 'tenon/decorators'

import type { Migration } from './migration.ts'

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

  /** Entities besides those of the modules and repositories. */
  readonly entities: readonly AbstractClass[] = []

  /** Migrations, in any order: the time stamp that ends each class name decides. */
  readonly migrations: readonly Class<Migration>[] = []

  /** Let TypeORM change the schema to fit the entities at start. It may drop columns; refused in production. */
  readonly synchronize: boolean = false
}
