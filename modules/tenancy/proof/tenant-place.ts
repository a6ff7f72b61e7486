/**
 * Where a tenant has tables of its own: what really is in them, whoever's it says it is, asked for past what keeps tenants
 * apart; and which place its code is led to.
 */
import type { Database } from 'tenon/data'

import { acrossTenants, runAsTenant } from '../crossing.ts'
import { schemaOf } from '../tenant-rows.ts'
import type { TenancyConfig } from '../tenancy-config.ts'
import { ownerProperty, type Metadata, type Row } from './tenant-world.ts'

type Source = Database['source']

export class TenantPlace {
  readonly #tenant: string
  readonly #database: Database
  readonly #config: TenancyConfig
  readonly #tables: readonly Metadata[]

  /** @param scoped - The entities with rows of tenants. */
  constructor(tenant: string, database: Database, config: TenancyConfig, scoped: readonly Metadata[]) {
    this.#tenant = tenant
    this.#database = database
    this.#config = config
    const junctions = database.source.entityMetadatas.filter(
      ({ isJunction, foreignKeys }) =>
        isJunction && foreignKeys.some(({ referencedEntityMetadata }) => scoped.includes(referencedEntityMetadata)),
    )
    this.#tables = [...scoped, ...junctions]
  }

  /** The schema or database that the tenant's own code works on. */
  async name(): Promise<string> {
    const { type } = this.#database.source.options
    const [row] = await runAsTenant(this.#tenant, () => {
      const source = this.#database.current
      if (type === 'postgres')
        return source.query<Row[]>('SELECT current_schema() AS schema, current_database() AS name')
      if (type === 'mysql' || type === 'mariadb') return source.query<Row[]>('SELECT DATABASE() AS name')
      return source.query<Row[]>("SELECT file AS name FROM pragma_database_list WHERE name = 'main'")
    })
    return String(this.#hasSchema ? row?.['schema'] : row?.['name']).replace(/\.[^./\\]+$/, '')
  }

  /** Whether it is the one that is made for this tenant. */
  isOwn(name: string): boolean {
    const own = schemaOf(this.#config, this.#tenant).slice(1, -1)
    return this.#hasSchema ? name === own : name.endsWith(`_${own}`)
  }

  /** Every row, as text in no order of the database's. */
  async rows(): Promise<readonly string[]> {
    return (await this.#all()).map(({ table, row }) => `${table} ${JSON.stringify(row)}`).toSorted()
  }

  /** Rows that say they are somebody else's. */
  async strays(): Promise<readonly string[]> {
    const all = await this.#all()
    return all.flatMap(({ table, row, owner }) =>
      owner !== undefined && row[owner] !== this.#tenant ? [`${table} ${JSON.stringify(row)}`] : [],
    )
  }

  get #hasSchema(): boolean {
    return this.#config.strategy === 'schema'
  }

  /** Of a schema by its name, whatever the connection looks at; of a database by a connection to it. */
  async #all(): Promise<readonly { readonly table: string; readonly row: Row; readonly owner: string | undefined }[]> {
    const dump = async (source: Source) => {
      const { driver } = this.#database.source
      const schema = this.#hasSchema ? `${schemaOf(this.#config, this.#tenant)}.` : ''
      const tables = this.#tables.map((metadata) => {
        const property = ownerProperty(metadata)
        const owner = property && metadata.findColumnWithPropertyName(property)?.databaseName
        return { table: metadata.tableName, from: `${schema}${driver.escape(metadata.tableName)}`, owner }
      })
      if (source.options.type === 'postgres') {
        const selects = tables.map(({ from }, index) => `SELECT ${index} AS index, to_jsonb(t) AS row FROM ${from} t`)
        const rows = await source.query<{ index: number; row: Row }[]>(selects.join(' UNION ALL '))
        return rows.map(({ index, row }) => ({ ...tables[index]!, row }))
      }
      const dumped = []
      for (const each of tables) {
        for (const row of await source.query<Row[]>(`SELECT * FROM ${each.from}`)) dumped.push({ ...each, row })
      }
      return dumped
    }
    const asEverybody = (source: Source) => acrossTenants('the proof looks at what is there', () => dump(source))
    if (this.#hasSchema) return asEverybody(this.#database.source)
    return runAsTenant(this.#tenant, () => asEverybody(this.#database.current))
  }
}
