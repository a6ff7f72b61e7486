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

  /** A folder with further migrations, one a file: `<time stamp>-<name>.ts`. */
  @Env('DATABASE_MIGRATIONS', { optional: true, description: 'The folder of the migrations' })
  readonly migrationsFolder?: string

  /** Entities besides those of the modules and repositories. */
  readonly entities: readonly AbstractClass[] = []

  /** Migrations, in any order: the time stamp that ends each class name decides. */
  readonly migrations: readonly Class<Migration>[] = []

  /** Let TypeORM change the schema to fit the entities at start. It may drop columns; refused in production. */
  readonly synchronize: boolean = false
}
