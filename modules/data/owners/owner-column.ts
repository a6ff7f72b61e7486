/** The column of the owner, for entities that declare none. */
import type { AbstractClass } from 'tenon/decorators'
import { Column, getMetadataArgsStorage, Index } from 'typeorm'

/** Longest name of an owner that fits. */
const LONGEST_OWNER = 64

/** Adds it once; what the entity or a class above it declares is left as it is. */
export function declareOwnerColumn(entity: AbstractClass, property: string): void {
  const known = getMetadataArgsStorage().columns.some(
    ({ target, propertyName }) =>
      propertyName === property &&
      typeof target === 'function' &&
      (target === entity || entity.prototype instanceof target),
  )
  if (known) return
  Column({ type: 'varchar', length: LONGEST_OWNER })(entity.prototype as object, property)
  Index()(entity.prototype as object, property)
}
