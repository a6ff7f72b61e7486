/** `@CreatedBy`, `@UpdatedBy`: columns that know who wrote a row. */
import { MetadataKey } from '../metadata.ts'

/** The properties of an entity that hold who wrote it. */
export interface AuthorColumns {
  readonly createdBy?: string
  readonly updatedBy?: string
}

export const AUTHOR_COLUMNS = new MetadataKey<AuthorColumns>('data.authors')

/** Notes on the entity which of its properties it is; the column itself is declared by `tenon/data`. */
export function authorColumn(which: keyof AuthorColumns): PropertyDecorator {
  return (target: object, property: string | symbol) => {
    const entity = target.constructor
    AUTHOR_COLUMNS.write({ ...AUTHOR_COLUMNS.read(entity), [which]: String(property) }, entity)
  }
}
