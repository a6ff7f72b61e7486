/** Where the database of an owner is: beside the application's own, and called after it. How it is made and dropped. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'

import type { DataSource } from 'typeorm'

import { OwnerDatabaseMissing, OwnerDatabaseUnnameable } from './owner-errors.ts'
import type { DatabaseTarget } from '../database-url.ts'

/** Names that are longer are cut off by PostgreSQL, so that two owners would have one database; MySQL has 64. */
const LONGEST_NAME = 63
const EXTENSION = /\.[^./\\]+$/

/**
 * @param name - Of the owner; distinct owners have distinct ones, of a-z, 0-9, `-` and `_`.
 * @throws `DATA_OWNER_DATABASE_UNNAMEABLE`
 */
export function targetOf(own: DatabaseTarget, name: string): DatabaseTarget {
  if (own.kind === 'sqlite') {
    if (own.file === ':memory:') throw new OwnerDatabaseUnnameable('databases in memory are gone when they are closed')
    const [extension = ''] = EXTENSION.exec(own.file) ?? []
    const path = extension === '' ? own.file : own.file.slice(0, -extension.length)
    return { ...own, file: `${path}_${name}${extension}` }
  }
  const database = `${own.database}_${name}`
  if (Buffer.byteLength(database) > LONGEST_NAME) {
    throw new OwnerDatabaseUnnameable(`${database} is longer than ${LONGEST_NAME} characters`)
  }
  return { ...own, database }
}

/** @throws `DATA_OWNER_DATABASE_MISSING`: opening a file that is not there would make it. */
export function requireFile(target: DatabaseTarget, owner: string): void {
  if (target.kind === 'sqlite' && !existsSync(target.file)) throw new OwnerDatabaseMissing(owner)
}

/** Whether a failure to connect means that there is no such database: PostgreSQL's and MySQL's words for it. */
export function isUnknownDatabase(error: unknown): boolean {
  const { code } = ((error as { readonly driverError?: unknown }).driverError ?? error) as { readonly code?: unknown }
  return code === '3D000' || code === 'ER_BAD_DB_ERROR'
}

/** Makes it, unless it is there. A file is made by opening it. @param source - The application's own, on the same server. */
export async function createDatabaseAt(target: DatabaseTarget, source: DataSource): Promise<void> {
  if (target.kind === 'sqlite') return
  const name = source.driver.escape(target.database)
  if (target.kind !== 'postgres') {
    await source.query(`CREATE DATABASE IF NOT EXISTS ${name} CHARACTER SET utf8mb4`)
    return
  }
  if (!(await isThere(target, source))) await source.query(`CREATE DATABASE ${name}`)
}

export async function dropDatabaseAt(target: DatabaseTarget, source: DataSource): Promise<void> {
  if (target.kind === 'sqlite') {
    for (const end of ['', '-wal', '-shm', '-journal']) await rm(`${target.file}${end}`, { force: true })
    return
  }
  const name = source.driver.escape(target.database)
  // Other processes may have it open; of somebody who is deleted nothing is to be waited for.
  await source.query(`DROP DATABASE IF EXISTS ${name}${target.kind === 'postgres' ? ' WITH (FORCE)' : ''}`)
}

export async function isThere(target: DatabaseTarget, source: DataSource): Promise<boolean> {
  if (target.kind === 'sqlite') return existsSync(target.file)
  const rows: unknown = await (target.kind === 'postgres'
    ? source.query('SELECT 1 FROM pg_database WHERE datname = $1', [target.database])
    : source.query('SELECT 1 FROM information_schema.schemata WHERE schema_name = ?', [target.database]))
  return (rows as readonly unknown[]).length > 0
}
