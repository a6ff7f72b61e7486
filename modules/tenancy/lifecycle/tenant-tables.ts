/** The tables that hold rows of tenants, in every database of the application: read, emptied and counted for one of them. */
import { Database, EntityChange, isReadableApart, UnitOfWork } from 'tenon/data'
import { AUDITED, Injectable, TENANT_SCOPED } from 'tenon/decorators'

import { runAsTenant } from '../crossing.ts'
import { batchesOf } from './row-batches.ts'

export interface TenantRow {
  readonly table: string
  readonly row: Readonly<Record<string, unknown>>
}

export interface EmptiedTable {
  readonly table: string
  readonly deleted: number
  readonly left: number
}

/** A table of everybody in which a tenant is named. */
export interface TenantMention {
  /** `users.tenant` */
  readonly column: string
  readonly rows: number
}

type Source = Database['source']
type Metadata = Source['entityMetadatas'][number]

/** A table, and the column that says whose its rows are. */
interface OwnedTable {
  readonly unitOfWork: UnitOfWork
  readonly metadata: Metadata
  readonly column: Metadata['columns'][number]
}

/**
 * Which of them: those in the application's own database or in the tenant's, and without the history of changes; those in
 * further databases, where tenants share tables whatever the strategy; the history that they share.
 */
type Part = 'all' | 'here' | 'tables' | 'elsewhere' | 'history'

/** What tables of everybody call a tenant. */
const MENTIONS = ['tenant', 'tenantId']

@Injectable()
export class TenantTables {
  readonly #database: Database
  readonly #unitOfWork: UnitOfWork

  constructor(database: Database, unitOfWork: UnitOfWork) {
    this.#database = database
    this.#unitOfWork = unitOfWork
  }

  /** As entities, with the values that the application works with. */
  async *rowsOf(tenant: string): AsyncIterableIterator<TenantRow> {
    for (const { unitOfWork, metadata, column } of this.#tables('all')) {
      const repository = () => unitOfWork.manager.getRepository(metadata.target)
      const where = { [column.propertyName]: tenant }
      for await (const rows of batchesOf(metadata, where, (options) =>
        runAsTenant(tenant, () => repository().find(options)),
      )) {
        for (const row of rows) yield { table: metadata.tableName, row: { ...row } }
      }
    }
  }

  /** Deletes the rows of a tenant, those first that point at others, and counts what is left. */
  empty(tenant: string, part: Part): Promise<readonly EmptiedTable[]> {
    return runAsTenant(tenant, async () => {
      const emptied: { readonly owned: OwnedTable; readonly deleted: number }[] = []
      for (const owned of this.#tables(part).toReversed()) {
        await this.#unlink(owned)
        const deleted = await this.#count(owned, tenant)
        await this.#send(owned, `DELETE FROM ${this.#whereOwner(owned)}`, tenant)
        emptied.push({ owned, deleted })
      }
      const counted: EmptiedTable[] = []
      for (const { owned, deleted } of emptied) {
        counted.push({ table: owned.metadata.tableName, deleted, left: await this.#count(owned, tenant) })
      }
      return counted
    })
  }

  /** How many rows of a tenant there are that will be gone with all of their tables. */
  count(tenant: string, part: Part): Promise<readonly EmptiedTable[]> {
    return runAsTenant(tenant, async () => {
      const counts: EmptiedTable[] = []
      for (const owned of this.#tables(part)) {
        counts.push({ table: owned.metadata.tableName, deleted: await this.#count(owned, tenant), left: 0 })
      }
      return counts
    })
  }

  /** Where rows of everybody name a tenant, besides the directory: they are not its own, and stay. */
  async mentionsOf(tenant: string): Promise<readonly TenantMention[]> {
    const mentions: TenantMention[] = []
    for (const each of this.#database.all) {
      const unitOfWork = this.#unitOfWork.of(each.name)
      for (const metadata of each.source.entityMetadatas) {
        const column = metadata.columns.find(({ propertyName }) => MENTIONS.includes(propertyName))
        if (!column || isOwned(metadata)) continue
        const rows = await this.#count({ unitOfWork, metadata, column }, tenant)
        if (rows > 0) mentions.push({ column: `${metadata.tableName}.${column.databaseName}`, rows })
      }
    }
    return mentions
  }

  /** Relations of rows of tenants to rows of everybody that cannot be followed from a database of the tenant. */
  get relationsApart(): readonly { readonly entity: string; readonly property: string; readonly target: string }[] {
    const scoped = inOrder(this.#database.source)
    return scoped.flatMap(({ name, relations }) =>
      relations
        .filter((relation) => !scoped.includes(relation.inverseEntityMetadata) && !isReadableApart(relation))
        .map(({ propertyPath, inverseEntityMetadata }) => ({
          entity: name,
          property: propertyPath,
          target: inverseEntityMetadata.name,
        })),
    )
  }

  /**
   * Drops the schema of a tenant, if there is one, and empties the history that stands beside the schemas. What is left is the
   * schema itself, when it is still there.
   */
  async drop(tenant: string, schema: string): Promise<readonly EmptiedTable[]> {
    const name = schema.slice(1, -1)
    const isThere = async (): Promise<boolean> => {
      const rows: unknown = await this.#unitOfWork.manager.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [
        name,
      ])
      return (rows as readonly unknown[]).length > 0
    }
    if (!(await isThere())) return []
    const counted = [...(await this.count(tenant, 'tables')), ...(await this.empty(tenant, 'history'))]
    await this.#unitOfWork.manager.query(`DROP SCHEMA ${schema} CASCADE`)
    return (await isThere()) ? [...counted, { table: name, deleted: 0, left: 1 }] : counted
  }

  /** Those that others point at come first. */
  #tables(part: Part): readonly OwnedTable[] {
    const databases = this.#database.all.filter(
      (each) => part === 'all' || (each === this.#database) === (part !== 'elsewhere'),
    )
    return databases.flatMap(({ name, source }) => {
      const unitOfWork = this.#unitOfWork.of(name)
      const entities = inOrder(source)
      const scoped = entities.map((metadata) => ({ unitOfWork, metadata, column: ownerColumn(metadata) }))
      const hasHistory = entities.some(({ target }) => AUDITED.read(target as () => void))
      const history = source.entityMetadatas
        .filter(({ target }) => hasHistory && target === EntityChange)
        .map((metadata) => ({ unitOfWork, metadata, column: metadata.findColumnWithPropertyName('tenant')! }))
      return [...(part === 'history' ? [] : scoped), ...(part === 'tables' ? [] : history)]
    })
  }

  /** Junction tables have no tenant of their own: their rows go with those that they link. */
  async #unlink({ unitOfWork, metadata }: OwnedTable): Promise<void> {
    for (const { junctionEntityMetadata } of metadata.manyToManyRelations) {
      if (!junctionEntityMetadata) continue
      await unitOfWork.manager.createQueryBuilder().delete().from(junctionEntityMetadata.tableName).execute()
    }
  }

  async #count(owned: OwnedTable, tenant: string): Promise<number> {
    const [row] = await this.#send(owned, `SELECT COUNT(*) AS n FROM ${this.#whereOwner(owned)}`, tenant)
    return Number(row?.['n'])
  }

  #whereOwner({ metadata, column }: OwnedTable): string {
    const { driver, options } = metadata.dataSource
    const parameter = options.type === 'postgres' ? '$1' : '?'
    return `${driver.escape(metadata.tableName)} WHERE ${driver.escape(column.databaseName)} = ${parameter}`
  }

  #send(
    { unitOfWork }: OwnedTable,
    sql: string,
    tenant: string,
  ): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return unitOfWork.manager.query(sql, [tenant])
  }
}

function isOwned({ target }: Metadata): boolean {
  return typeof target === 'function' && TENANT_SCOPED.read(target) !== undefined
}

function ownerColumn(metadata: Metadata): Metadata['columns'][number] {
  return metadata.findColumnWithPropertyName(TENANT_SCOPED.read(metadata.target as () => void)!.property)!
}

/** Entities with rows of tenants; those that others point at come first. */
function inOrder({ entityMetadatas }: Source): readonly Metadata[] {
  const scoped = entityMetadatas.filter(isOwned)
  const ordered: Metadata[] = []
  const visit = (metadata: Metadata, above: readonly Metadata[]): void => {
    if (ordered.includes(metadata) || above.includes(metadata)) return
    for (const { referencedEntityMetadata } of metadata.foreignKeys) {
      if (scoped.includes(referencedEntityMetadata)) visit(referencedEntityMetadata, [...above, metadata])
    }
    ordered.push(metadata)
  }
  for (const metadata of scoped) visit(metadata, [])
  return ordered
}
