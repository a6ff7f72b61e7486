/** Writes to every entity with rows of tenants, by each way that TypeORM has, and looks what became of the other's rows. */
import { outcomeOf, print, type Deed } from './deed.ts'
import type { ProofReport } from './proof-report.ts'
import { ownerProperty, type Metadata, type Row } from './tenant-world.ts'
import { ATTACKER, type TwoWorlds } from './two-worlds.ts'

/** Uses up rows of both worlds: nothing is attacked after it. Those that point at others come first. */
export async function writeEverywhere(worlds: TwoWorlds, report: ProofReport): Promise<void> {
  for (const metadata of worlds.scoped.toReversed()) await attackWrites(worlds, report, metadata)
}

async function attackWrites(worlds: TwoWorlds, report: ProofReport, metadata: Metadata): Promise<void> {
  const { attacker, victim } = worlds
  for (const { name, row = 0, run } of writesOf(worlds, metadata)) {
    const where = `${metadata.name}.${name}`
    const [own, theirs] = [attacker.rows.get(metadata)![row]!, victim.rows.get(metadata)![row]!]
    await observe(worlds, report, where, "another tenant's row", () => worlds.asAttacker(() => run(theirs)))
    await observe(worlds, report, where, 'no tenant', () => run(theirs))
    const control = await observe(worlds, report, where, 'its own row', () => worlds.asAttacker(() => run(own)))
    report.control(where, !(control instanceof Error), `its owner cannot do it: ${print(control)}`)
  }
}

/** Each is done to the row that it is given. */
function writesOf(worlds: TwoWorlds, metadata: Metadata): readonly Deed[] {
  const { source, attacker, victim } = worlds
  const target = metadata.target as string
  const repository = worlds.repositoryOf(metadata)
  const owner = ownerProperty(metadata) as string
  const key = (row: Row): Row => metadata.getEntityIdMap(row) as Row
  const touch = touching(metadata, owner)
  const bare = (row: Row): Row => ({ ...without(plain(metadata, row), owner), ...touch })
  const sameKey = metadata.primaryColumns.map(({ propertyPath }) => propertyPath)
  let drafts = 10
  const deeds: Deed[] = [
    {
      name: 'insert',
      run: (row) => repository.insert({ ...attacker.draft(metadata, (drafts += 1), 1), [owner]: row[owner] }),
    },
    {
      name: 'insert of both',
      run: (row) => {
        const both = [ATTACKER.tenant, row[owner]].map((tenant) => ({
          ...attacker.draft(metadata, (drafts += 1), 1),
          [owner]: tenant,
        }))
        return source.createQueryBuilder().insert().into(target).values(both).callListeners(false).execute()
      },
    },
    { name: 'save', run: (row) => repository.save({ ...bare(row), [owner]: row[owner] }) },
    { name: 'save without tenant', run: (row) => repository.save(bare(row)) },
    { name: 'delete', row: 2, run: (row) => repository.delete(key(row)) },
    { name: 'remove', row: 1, run: (row) => repository.remove({ ...row }) },
  ]
  // PostgreSQL makes such keys itself, whatever is given.
  const hasOwnKeys = !metadata.primaryColumns.some(({ isGenerated }) => isGenerated)
  if (hasOwnKeys || source.options.type !== 'postgres') {
    deeds.push({ name: 'upsert', run: (row) => repository.upsert(bare(row), sameKey) })
  }
  for (const { columns } of metadata.uniques) {
    const names = columns.map(({ propertyPath }) => propertyPath)
    if (!names.includes(owner)) continue
    const rest = names.filter((name) => name !== owner)
    const keyless = (row: Row): Row => sameKey.reduce(without, bare(row))
    deeds.push({ name: `upsert by ${rest.join()}`, run: (row) => repository.upsert(keyless(row), rest) })
  }
  if (touch) {
    deeds.unshift(
      { name: 'update', run: (row) => repository.update(key(row), touch) },
      {
        name: 'update in a builder',
        run: (row) => source.createQueryBuilder().update(target).set(touch).where(key(row)).orWhere('1 = 0').execute(),
      },
      { name: 'update of all', run: () => source.createQueryBuilder().update(target).set(touch).execute() },
    )
  }
  if (metadata.deleteDateColumn) {
    deeds.unshift({
      name: 'softDelete and restore',
      run: async (row) => [await repository.softDelete(key(row)), await repository.restore(key(row))],
    })
  }
  deeds.unshift({
    name: 'change of tenant',
    run: (row) => repository.update(key(attacker.rows.get(metadata)![0]!), { [owner]: row[owner] }),
  })
  for (const relation of metadata.relations) {
    const { inverseEntityMetadata: other, propertyPath } = relation
    if (!worlds.scoped.includes(other)) continue
    /** What the row of the same world points at. */
    const pointed = (row: Row): Row =>
      (victim.rows.get(metadata)!.includes(row) ? victim : attacker).rows.get(other)![0] as Row
    const link = (row: Row) => source.createQueryBuilder().relation(target, propertyPath).of(key(row))
    const own = (): Row => attacker.rows.get(metadata)![0]!
    if (relation.isManyToMany || relation.isOneToMany) {
      deeds.unshift(
        { name: `link from ${propertyPath}`, run: (row) => linkAnew(link(row), attacker.rows.get(other)![0]!) },
        { name: `link to ${propertyPath}`, run: (row) => linkAnew(link(own()), pointed(row)) },
        { name: `unlink ${propertyPath}`, run: (row) => linkAnew(link(row), pointed(row)) },
      )
    } else if (relation.joinColumns.length > 0) {
      deeds.unshift(
        {
          name: `update of ${propertyPath}`,
          run: (row) => repository.update(key(own()), { [propertyPath]: pointed(row) }),
        },
        { name: `set of ${propertyPath}`, run: (row) => link(own()).set(pointed(row)) },
        {
          name: `insert with ${propertyPath}`,
          run: (row) =>
            repository.insert({ ...attacker.draft(metadata, (drafts += 1), 1), [propertyPath]: pointed(row) }),
        },
      )
    }
  }
  return deeds
}

/** The same link twice would be refused whoever's it is. */
async function linkAnew(
  link: { remove(row: Row): Promise<void>; add(row: Row): Promise<void> },
  row: Row,
): Promise<void> {
  await link.remove(row)
  await link.add(row)
}

/** Runs it, and looks whether anything of the other has changed. */
async function observe(
  worlds: TwoWorlds,
  report: ProofReport,
  where: string,
  attack: string,
  work: () => Promise<unknown>,
): Promise<unknown> {
  const outcome = await outcomeOf(work)
  report.attacks += 1
  if (await worlds.isHarmed()) report.find(where, attack, "changes another tenant's rows, or links to them")
  return outcome
}

/** A change that can be seen. */
function touching(metadata: Metadata, owner: string): Row | undefined {
  const unique = [...metadata.uniques, ...metadata.indices.filter(({ isUnique }) => isUnique)].flatMap(
    ({ columns }) => columns,
  )
  const column = metadata.columns.find(
    (each) =>
      !each.isPrimary &&
      !unique.includes(each) &&
      !each.relationMetadata &&
      each.propertyName !== owner &&
      /^(string|varchar|text)/i.test(typeName(each.type)),
  )
  return column && column.createValueMap(`${ATTACKER.mark}9`)
}

function typeName(type: unknown): string {
  return typeof type === 'function' ? type.name : String(type)
}

/** The columns of a row; what it is linked to only by properties of its own, such as `customerId` beside `customer`. */
function plain(metadata: Metadata, row: Row): Row {
  const values: Row = {}
  for (const column of metadata.columns) {
    if (column.isVirtual) continue
    const value: unknown = column.getEntityValue(row)
    if (value !== undefined && value !== null) column.setEntityValue(values, value)
  }
  return values
}

function without(row: Row, property: string): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== property))
}
