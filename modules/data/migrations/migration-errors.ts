/** What migrations refuse, and why they wait. */
import { defineError } from 'tenon'

export const MigrationLockTimeout = defineError({
  code: 'DATA_MIGRATION_LOCK_TIMEOUT',
  status: 503,
  message: (timeoutMs: number) => `Another process has been migrating this database for longer than ${timeoutMs} ms.`,
  help: 'Wait for it to finish and start again, or end it when it hangs.',
})

export const MigrationDestructive = defineError({
  code: 'DATA_MIGRATION_DESTRUCTIVE',
  status: 500,
  message: (losses: readonly string[]) => `The migration would lose data: ${losses.join('; ')}.`,
  help: 'Mark what was renamed with @RenamedFrom, or generate with { destructive: true } when the data may go.',
})

export const MigrationNameInvalid = defineError({
  code: 'DATA_MIGRATION_NAME_INVALID',
  status: 500,
  message: (name: string) => `"${name}" cannot name a migration.`,
  help: 'Use lower-case words with hyphens between them, as in add-priority.',
})

export const MigrationsPending = defineError({
  code: 'DATA_MIGRATIONS_PENDING',
  status: 500,
  message: (names: readonly string[]) => `There are migrations that have not been run: ${names.join(', ')}.`,
  help: 'Run them first: a new migration is the difference between the entities and the database as it then is.',
})

export const MigrationsFolderUnreadable = defineError({
  code: 'DATA_MIGRATIONS_FOLDER_UNREADABLE',
  status: 500,
  message: (folder: string, reason: string) => `The migrations in ${folder} cannot be read: ${reason}`,
  help: 'Give the folder of the migrations in migrationsFolder or DATABASE_MIGRATIONS; each file is <time stamp>-<name>.',
})
