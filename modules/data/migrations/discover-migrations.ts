/** Migrations found by the names of their files. */
import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Class } from 'tenon/decorators'

import { MigrationsFolderUnreadable } from './migration-errors.ts'
import type { Migration } from '../migration.ts'

/** A time stamp in milliseconds, a name, and not the types of a compiled file. */
const MIGRATION_FILE = /^\d{13}-[^.]+\.(ts|js|mts|mjs)$/

/**
 * The classes with `up` and `down` that the files of a folder export.
 * @throws `DATA_MIGRATIONS_FOLDER_UNREADABLE` when the folder is missing or a file cannot be loaded.
 */
export async function discoverMigrations(folder: string): Promise<readonly Class<Migration>[]> {
  try {
    const files = (await readdir(folder)).filter((file) => MIGRATION_FILE.test(file)).toSorted()
    const modules = await Promise.all(
      files.map((file) => import(pathToFileURL(resolve(folder, file)).href) as Promise<object>),
    )
    return modules.flatMap((module) => Object.values(module).filter(isMigration))
  } catch (error) {
    throw new MigrationsFolderUnreadable(folder, (error as Error).message).causedBy(error)
  }
}

function isMigration(value: unknown): value is Class<Migration> {
  if (typeof value !== 'function') return false
  const { up, down } = (value.prototype ?? {}) as Partial<Migration>
  return typeof up === 'function' && typeof down === 'function'
}
