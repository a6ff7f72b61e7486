/** `@CreatedBy` and `@UpdatedBy` with the column they stand for. */
import { authorColumn } from 'tenon/decorators'
import { Column } from 'typeorm'

/** Longest id of a caller that fits. */
const LONGEST_ID = 64

/** The id of the caller that wrote the row first; empty outside of calls and for nobody in particular. */
export function CreatedBy(): PropertyDecorator {
  return both(authorColumn('createdBy'))
}

/** The id of the caller that wrote the row last; empty where that was nobody in particular. */
export function UpdatedBy(): PropertyDecorator {
  return both(authorColumn('updatedBy'))
}

function both(mark: PropertyDecorator): PropertyDecorator {
  const column = Column({ type: 'varchar', length: LONGEST_ID, nullable: true })
  return (target: object, property: string | symbol) => {
    mark(target, property)
    column(target, property)
  }
}
