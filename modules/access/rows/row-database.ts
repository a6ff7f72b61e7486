/** The data module, where the application has it: access works without a database, and then asks for none. */
import { Container, ModuleGraph } from 'tenon'
import type { Database, EntityMetadata, FindOptionsWhere, ownerOf, Raw, UnitOfWork } from 'tenon/data'
import type { Class } from 'tenon/decorators'

import { AccessDataMissing } from '../access-errors.ts'
import { RowSqlWriter, type RowSql } from './row-sql.ts'

interface DataParts {
  readonly database: Database
  readonly unitOfWork: UnitOfWork
  readonly Raw: typeof Raw
  readonly ownerOf: typeof ownerOf
}

export class RowDatabase {
  readonly #graph: ModuleGraph
  readonly #container: Container
  #parts: DataParts | undefined

  constructor(graph: ModuleGraph, container: Container) {
    this.#graph = graph
    this.#container = container
  }

  /** Loads `tenon/data` only where a module has loaded it already. */
  async connect(): Promise<void> {
    if (!this.#graph.modules.some(({ name }) => name === 'DataModule')) return
    const { Database, ownerOf, Raw, UnitOfWork } = await import('tenon/data')
    if (!this.#graph.providerOf(Database)) return
    this.#parts = { Raw, ownerOf, database: this.#container.get(Database), unitOfWork: this.#container.get(UnitOfWork) }
  }

  /** What TypeORM knows of an entity; `undefined` where it is none of its. */
  metadata(entity: Class<object>): EntityMetadata | undefined {
    const source = this.#parts?.database.source
    return source?.hasMetadata(entity) ? source.getMetadata(entity) : undefined
  }

  /** @throws `ACCESS_DATA_MISSING` */
  requireMetadata(entity: Class<object>): EntityMetadata {
    const metadata = this.metadata(entity)
    if (!metadata) throw new AccessDataMissing(entity.name)
    return metadata
  }

  /** The row with this primary key, through the filters of its entity. @throws `ACCESS_DATA_MISSING` */
  load<E extends object>(entity: Class<E>, key: unknown): Promise<E | null> {
    const metadata = this.requireMetadata(entity)
    const [column] = metadata.primaryColumns
    if (key === undefined || key === null || !column) return Promise.resolve(null)
    const where = this.criteria(metadata, (row) => {
      const writer = this.writer(metadata, row, 'access_key')
      const text = writer.keyEquals(column, key)
      return { text, parameters: writer.parameters }
    }) as FindOptionsWhere<E>
    return this.#managerOf(entity).getRepository(entity).findOne({ where })
  }

  /**
   * A condition as criteria that fit everywhere TypeORM takes some. They stand at a column of no meaning for it.
   * @param write - Called with the escaped name of the row in the statement.
   */
  criteria(metadata: EntityMetadata, write: (row: string) => RowSql): object {
    const { driver } = metadata.dataSource
    const column = metadata.columns.find(
      ({ embeddedMetadata, relationMetadata }) => !embeddedMetadata && !relationMetadata,
    )!
    const table = driver.escape(metadata.tableName)
    // The names of the values are the same whatever the row is called.
    const { parameters } = write(table)
    const text = (path: string): string => {
      const end = path.length - column.propertyPath.length - 1
      return `(${write(end > 0 ? driver.escape(path.slice(0, end)) : table).text})`
    }
    return { [column.propertyName]: this.#parts!.Raw(text, parameters) }
  }

  /** Writes conditions on rows that a statement calls `row`, with values whose names begin with `prefix`. */
  writer(metadata: EntityMetadata, row: string, prefix: string): RowSqlWriter {
    return new RowSqlWriter(metadata, row, prefix, this.#parts!.ownerOf)
  }

  /** Runs a SELECT in the transaction of the call, beneath the filters. */
  async select(metadata: EntityMetadata, { text, parameters }: RowSql): Promise<readonly Record<string, unknown>[]> {
    const { driver } = metadata.dataSource
    const [sql, values] = driver.escapeQueryWithParameters(text, { ...parameters })
    return this.#managerOf(metadata.target as Class).query<Record<string, unknown>[]>(sql, values)
  }

  /** Of the database with the rows of an entity: tenants may have databases of their own. */
  #managerOf(entity: Class): UnitOfWork['manager'] {
    return this.#parts!.unitOfWork.holding(entity).keeping(entity).manager
  }
}
