/** `@DataSource`: which of several databases a repository, an entity or a migration belongs to. */
import { annotate } from '../annotate.ts'
import { MetadataKey } from '../metadata.ts'

export const DATA_SOURCE = new MetadataKey<string>('data.source')

/**
 * Above a repository: it, and the entity it is for, live in the source of this name. Above an entity or a migration that has
 * no repository, the same for these. Without it they belong to the default source.
 * @param name - A name of `DataModule.with({ sources })`, or of a variable `DATABASE_URL_<NAME>`.
 * @example `@DataSource('reports') @Repository(Sale) class Sales extends BaseRepository<Sale> {}`
 */
export function DataSource(name: string): ClassDecorator {
  return annotate(DATA_SOURCE, name)
}
