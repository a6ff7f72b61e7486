/** `@RenamedFrom`: what a table or column was called before, so that its data moves along. */
import { MetadataKey } from '../metadata.ts'

export const RENAMED_FROM = new MetadataKey<string>('data.renamed-from')

/**
 * Above an entity, the table's former name; above a property, the column's former name in the database. Migrations are
 * then generated as a renaming. It does nothing once the old name is gone, and may be removed then.
 * @example `@RenamedFrom('title') @Column() heading!: string`
 */
export function RenamedFrom(formerName: string): ClassDecorator & PropertyDecorator {
  return (target: object, property?: string | symbol) => RENAMED_FROM.write(formerName, target, property)
}
