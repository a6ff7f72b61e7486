/** `@Seeder`: a class that fills the database for development and demonstrations; `tenon db seed` runs it. */
import { annotate } from '../annotate.ts'
import { INJECTABLE } from '../core/injectable.ts'
import { MetadataKey, type Class } from '../metadata.ts'

export interface SeederFact {
  /** Seeders whose rows this one builds on: they run first. */
  readonly after: readonly Class[]
}

export const SEEDER = new MetadataKey<SeederFact>('data.seeder')

/**
 * The class is a provider with a method `run(context)`: `implements Seed` of `tenon/data`. Each runs in a transaction.
 * @example `@Seeder({ after: [UserSeeder] }) export class TicketSeeder implements Seed { ... }`
 */
export function Seeder({ after = [] }: Partial<SeederFact> = {}): ClassDecorator {
  const seeder = annotate(SEEDER, { after })
  const injectable = annotate(INJECTABLE, { scope: 'singleton', stereotype: 'injectable' })
  return (target) => {
    seeder(target)
    injectable(target)
  }
}
