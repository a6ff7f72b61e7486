/**
 * Whose rows are whose: the seam by which another module keeps the rows of an entity apart. What it answers holds below
 * the repositories, for everything that reads and writes: see `OwnedRows`.
 */
import type { AbstractClass } from 'tenon/decorators'

/** Code that may see and write the rows of all owners. */
export const EVERYBODY: unique symbol = Symbol('everybody')

/** A database for each owner, beside the application's own. */
export interface OwnDatabases {
  /** What sets the name of an owner's database apart; distinct owners have distinct ones. */
  nameOf(owner: string): string
  /** Most that are open at once. */
  readonly most: number
  /** Most connections to each, on servers. */
  readonly poolSize: number
}

/** There is at most one: `{ provide: RowOwners, useClass: … }`. */
export abstract class RowOwners {
  /**
   * The property of the entity that holds the owner; `undefined`: its rows are shared. Asked once for each entity, before
   * the database is opened. A property that is no column yet becomes one of text.
   */
  abstract propertyOf(entity: AbstractClass): string | undefined

  /** Whom the running code acts for; `undefined`: nobody is known, and nothing that is owned is read or written. */
  abstract owner(): string | typeof EVERYBODY | undefined

  /** What is thrown where nobody is known. */
  abstract nobody(entity: string): Error

  /** `undefined`: the rows of all owners are in one database. */
  readonly databases: OwnDatabases | undefined = undefined

  /** Whether a migration is about tables that each owner has for itself: then it is run by `Migrations.runApart`. */
  abstract migratesApart(migration: AbstractClass): boolean

  /** PostgreSQL: whether policies in the database hold as well, so that what passes by this code is stopped there. */
  abstract readonly hasPolicies: boolean

  /** PostgreSQL: what a connection is told, by the name of the setting, before the running code gets it; the same names for all. */
  abstract connectionSettings(): Readonly<Record<string, string>>
}
