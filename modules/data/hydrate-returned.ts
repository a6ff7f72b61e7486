/**
 * What the database fills in when a row is written (defaults, generated values) comes back as the driver has it. TypeORM
 * puts it into the entity like that: on MariaDB a boolean is then a 1, which the next save takes for `false`. Here it
 * gets the types of the entity first.
 */
import type { DataSource, EntityMetadata, ObjectLiteral } from 'typeorm'
import type { Driver } from 'typeorm/driver/Driver.js'

type Mapped = ObjectLiteral | undefined

/** Changes the driver of a data source; SQLite reads its rows again and needs it not. */
export function hydrateReturned<S extends DataSource>(source: S): S {
  const { driver } = source
  const asGiven = driver.createGeneratedMap.bind(driver)
  driver.createGeneratedMap = (metadata: EntityMetadata, row: ObjectLiteral | undefined, ...rest: never[]): Mapped =>
    asGiven(metadata, row && hydrated(driver, metadata, row), ...rest)
  return source
}

function hydrated(driver: Driver, metadata: EntityMetadata, row: ObjectLiteral): ObjectLiteral {
  // MySQL answers a report without columns, of which only the key is taken.
  if ('insertId' in row) return row
  return Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, unknown]) => {
      const column = metadata.findColumnWithDatabaseName(name)
      return [name, column ? (driver.prepareHydratedValue(value, column) as unknown) : value]
    }),
  )
}
