/** Two tenants side by side, and what must always hold between them. */
import { Database } from 'tenon/data'

import { acrossTenants, runAsTenant } from '../crossing.ts'
import { following } from './following.ts'
import type { TenancyConfig } from '../tenancy-config.ts'
import { schemaOf } from '../tenant-rows.ts'
import type { ProofReport } from './proof-report.ts'
import { TenantPlace } from './tenant-place.ts'
import { ownerProperty, TenantWorld, type Metadata, type RowMaker } from './tenant-world.ts'

/** Who attacks, and whose rows are attacked. */
export const ATTACKER = { tenant: 'prover-a', mark: 'qzax', base: 710_000 } as const
export const VICTIM = { tenant: 'prover-b', mark: 'qzbx', base: 820_000 } as const

/** More than an attack makes rows of one entity. */
const PASSED_OVER = 40

export class TwoWorlds {
  readonly attacker: TenantWorld
  readonly victim: TenantWorld
  /** Of whom the running code acts for. */
  readonly source: Database['source']
  readonly #database: Database
  readonly #config: TenancyConfig
  /** Where each has tables of its own: those of the attacker and of the victim. */
  readonly #places: readonly TenantPlace[]
  /** Entities with rows of tenants; those that others point at come first. */
  readonly scoped: readonly Metadata[]
  readonly #shared: readonly Metadata[]
  readonly #everybody: TenantWorld
  /** What the victim had when it was looked at last. */
  #seen: string | undefined

  constructor(database: Database, makers: Readonly<Record<string, RowMaker>>, config: TenancyConfig) {
    const source = following(() => database.current)
    this.source = source
    this.#database = database
    this.#config = config
    this.attacker = new TenantWorld(ATTACKER, source, makers)
    this.victim = new TenantWorld(VICTIM, source, makers)
    this.#everybody = new TenantWorld({ tenant: '', mark: 'qzsx', base: 930_000 }, source, makers)
    const ordered = inOrder(source.entityMetadatas.filter(({ tableType }) => tableType === 'regular'))
    this.scoped = ordered.filter((metadata) => ownerProperty(metadata) !== undefined)
    const pointedAt = new Set(
      this.scoped.flatMap(({ foreignKeys }) => foreignKeys.map((key) => key.referencedEntityMetadata)),
    )
    this.#places = this.#areApart
      ? [ATTACKER, VICTIM].map(({ tenant }) => new TenantPlace(tenant, database, config, this.scoped))
      : []
    this.#shared = ordered.filter((metadata) => pointedAt.has(metadata) && !this.scoped.includes(metadata))
  }

  /** Whether each tenant has tables of its own. */
  get #areApart(): boolean {
    return this.#config.strategy !== 'shared'
  }

  /** What statements on an entity can join: where each tenant has a database, nothing of everybody is in it. */
  joinable({ relations }: Metadata): Metadata['relations'] {
    return relations.filter(
      ({ inverseEntityMetadata }) =>
        this.#config.strategy !== 'database' || this.scoped.includes(inverseEntityMetadata),
    )
  }

  /** As SQL writes it; `undefined` where there are no schemas of tenants. */
  get schemaOfVictim(): string | undefined {
    return this.#config.strategy === 'schema' ? schemaOf(this.#config, VICTIM.tenant) : undefined
  }

  /** Whether the database itself keeps the rows of an entity apart. */
  async hasWallOf({ tableName }: Metadata): Promise<boolean> {
    if (this.#areApart) return true
    const [row] = await this.#database.source.query<{ readonly holds: boolean }[]>(
      `SELECT NOT (rolsuper OR rolbypassrls) AND EXISTS (SELECT 1 FROM pg_policies p WHERE p.tablename = $1) AS holds
        FROM pg_roles WHERE rolname = current_user`,
      [tableName],
    )
    return row?.holds ?? false
  }

  /** Each has a place of its own, which is the one that is called after it. */
  async comparePlaces(report: ProofReport): Promise<void> {
    for (const [index, place] of this.#places.entries()) {
      const { tenant } = [ATTACKER, VICTIM][index]!
      const where = `the place of ${tenant}`
      const name = await place.name()
      const strays = await place.strays()
      report.attacks += 1
      report.control(where, (await place.rows()).length > 0, 'nothing is in it')
      if (!place.isOwn(name)) report.find(where, 'its name', `is ${name}`)
      if (strays.length > 0) report.find(where, 'what is in it', `has rows of others: ${strays[0]!.slice(0, 200)}`)
    }
  }

  /** Both for the first time and at once, when nothing of either is open yet. */
  async begin(): Promise<void> {
    const look = async (): Promise<void> => {
      for (const metadata of this.scoped) await this.repositoryOf(metadata).count()
    }
    await Promise.all([this.asAttacker(look), this.asVictim(look)])
  }

  async fillAttacker(): Promise<void> {
    await this.#everybody.fill(this.#shared, () => false)
    for (const each of this.#shared) this.attacker.rows.set(each, this.#everybody.rows.get(each) ?? [])
    await this.attacker.fill(this.scoped, () => true)
  }

  async fillVictim(): Promise<void> {
    for (const each of this.#shared) this.victim.rows.set(each, this.#everybody.rows.get(each) ?? [])
    await this.victim.fill(this.scoped, () => true, this.#areApart ? PASSED_OVER : 0)
    await this.isHarmed()
  }

  /** The rows of an entity, for whom the running code acts for. */
  repositoryOf({ target }: Metadata): ReturnType<Database['source']['getRepository']> {
    return following(() => this.source.getRepository(target))
  }

  asAttacker<T>(work: () => T | Promise<T>): Promise<T> {
    return runAsTenant(ATTACKER.tenant, work)
  }

  asVictim<T>(work: () => T | Promise<T>): Promise<T> {
    return runAsTenant(VICTIM.tenant, work)
  }

  /** Whether anything was done to the victim since it was last asked. */
  async isHarmed(): Promise<boolean> {
    const before = this.#seen
    this.#seen = await this.#look()
    return before !== undefined && this.#seen !== before
  }

  /**
   * All that belongs to the victim, with what it is linked to; and every reference between the two worlds, of which there
   * must be none.
   */
  async #look(): Promise<string> {
    const [attackers, victims] = this.#places
    // No row can point from one place into another: what is there is all there is to see.
    if (attackers && victims) return JSON.stringify([await victims.rows(), await attackers.strays()])
    const parts: unknown[] = []
    for (const metadata of this.scoped) {
      const owner = ownerProperty(metadata) as string
      const repository = this.repositoryOf(metadata)
      const relations = metadata.relations.filter(
        ({ joinColumns, isManyToManyOwner, inverseEntityMetadata }) =>
          (joinColumns.length > 0 || isManyToManyOwner) && this.scoped.includes(inverseEntityMetadata),
      )
      const rows = await acrossTenants('the proof compares both worlds', () =>
        repository.find({
          withDeleted: true,
          loadEagerRelations: false,
          relations: Object.fromEntries(relations.map(({ propertyPath }) => [propertyPath, true])),
        }),
      )
      const theirs = rows.filter((row) => row[owner] === VICTIM.tenant)
      const astray = rows.flatMap((row) =>
        relations.flatMap((relation) => {
          const targets = [relation.getEntityValue(row)].flat() as (Record<string, unknown> | null | undefined)[]
          const targetOwner = ownerProperty(relation.inverseEntityMetadata) as string
          return targets
            .filter((target) => target && target[targetOwner] !== row[owner])
            .map(() => relation.propertyPath)
        }),
      )
      parts.push([metadata.name, theirs.map((row) => JSON.stringify(row)).toSorted(), astray])
    }
    return JSON.stringify(parts)
  }
}

function inOrder(entities: readonly Metadata[]): readonly Metadata[] {
  const ordered: Metadata[] = []
  const visit = (metadata: Metadata, above: readonly Metadata[]): void => {
    if (ordered.includes(metadata) || above.includes(metadata) || !entities.includes(metadata)) return
    for (const { referencedEntityMetadata } of metadata.foreignKeys)
      visit(referencedEntityMetadata, [...above, metadata])
    ordered.push(metadata)
  }
  for (const metadata of entities) visit(metadata, [])
  return ordered
}
