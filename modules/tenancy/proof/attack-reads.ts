/** Reads every entity with rows of tenants by TypeORM's own means, below everything that the application writes. */
import { outcomeOf, print, shows, type Deed } from './deed.ts'
import type { ProofReport } from './proof-report.ts'
import { ownerProperty, type Metadata, type Row } from './tenant-world.ts'
import { ATTACKER, VICTIM, type TwoWorlds } from './two-worlds.ts'

export async function readEverywhere(worlds: TwoWorlds, report: ProofReport): Promise<void> {
  for (const metadata of worlds.scoped) await attackReads(worlds, report, metadata)
}

async function attackReads(worlds: TwoWorlds, report: ProofReport, metadata: Metadata): Promise<void> {
  const { attacker, victim } = worlds
  const [own, theirs] = [attacker.rows.get(metadata)![0]!, victim.rows.get(metadata)![0]!]
  for (const { name, run } of readsOf(worlds, metadata)) {
    const where = `${metadata.name}.${name}`
    const expected = await outcomeOf(() => worlds.asVictim(() => run(theirs)))
    report.control(where, shows(expected, VICTIM.mark), `its owner does not find it: ${print(expected)}`)
    if (shows(expected, ATTACKER.mark))
      report.find(where, 'the control', `answers rows of the attacker: ${print(expected)}`)
    report.attacks += 2
    for (const [attack, target] of [
      ["another tenant's key", theirs],
      ['its own key', own],
    ] as const) {
      const seen = await outcomeOf(() => worlds.asAttacker(() => run(target)))
      if (shows(seen, VICTIM.mark)) report.find(where, attack, `answers rows of the other: ${print(seen)}`)
    }
    const nobody = await outcomeOf(() => run(theirs))
    report.attacks += 1
    if (shows(nobody, VICTIM.mark)) report.find(where, 'no tenant', `answers rows: ${print(nobody)}`)
  }
  await attackNumbers(worlds, report, metadata)
}

function readsOf(worlds: TwoWorlds, metadata: Metadata): readonly Deed[] {
  const { source } = worlds
  const repository = worlds.repositoryOf(metadata)
  const key = (row: Row): Row => metadata.getEntityIdMap(row) as Row
  const builder = () => repository.createQueryBuilder('row')
  const some = metadata.primaryColumns[0]!
  const owner = source.driver.escape(metadata.findColumnWithPropertyName(ownerProperty(metadata)!)!.databaseName)
  const parameter = source.options.type === 'postgres' ? '$1' : '?'
  const deeds: Deed[] = [
    { name: 'find', run: () => repository.find() },
    { name: 'findBy', run: (row) => repository.find({ where: [key(row), {}] }) },
    { name: 'findOneBy', run: (row) => repository.findOneBy(key(row)) },
    { name: 'findAndCount', run: () => repository.findAndCount({ take: 50, withDeleted: true }) },
    { name: 'getMany', run: () => builder().where('1 = 0').orWhere('1 = 1').getMany() },
    { name: 'getRawMany', run: () => builder().getRawMany() },
    {
      name: 'subQuery',
      run: () =>
        builder()
          .where((query) => {
            const inner = query
              .subQuery()
              .select(`inner.${some.propertyPath}`)
              .from(metadata.target as string, 'inner')
            return `row.${some.propertyPath} IN ${inner.getQuery()}`
          })
          .getMany(),
    },
    {
      name: 'from',
      run: () =>
        source
          .createQueryBuilder()
          .select('*')
          .from(metadata.target as string, 'row')
          .getRawMany(),
    },
    {
      name: 'query',
      run: (row) =>
        source.query(`SELECT * FROM ${source.driver.escape(metadata.tableName)} WHERE ${owner} = ${parameter}`, [
          row[ownerProperty(metadata)!],
        ]),
    },
  ]
  for (const relation of worlds.joinable(metadata)) {
    const { propertyPath } = relation
    deeds.push(
      {
        name: `find with ${propertyPath}`,
        run: () => repository.find({ relations: { [propertyPath]: true } }),
      },
      {
        name: `page with ${propertyPath}`,
        run: () => repository.find({ relations: { [propertyPath]: true }, take: 50 }),
      },
      {
        name: `join ${propertyPath}`,
        run: () => builder().leftJoinAndSelect(`row.${propertyPath}`, 'other').getMany(),
      },
      {
        name: `load ${propertyPath}`,
        run: async (row) => [
          await source
            .createQueryBuilder()
            .relation(metadata.target as string, propertyPath)
            .of(key(row))
            .loadMany(),
          await repository.find(),
        ],
      },
    )
  }
  return deeds
}

/** Numbers say nothing of whose rows they are about: they must be as if the other did not exist. */
async function attackNumbers(worlds: TwoWorlds, report: ProofReport, metadata: Metadata): Promise<void> {
  const repository = worlds.repositoryOf(metadata)
  const target = metadata.target as string
  const numbers: Record<string, () => Promise<number>> = {
    count: () => repository.count(),
    countBy: () => repository.countBy([{}, {}]),
    getCount: () => repository.createQueryBuilder('row').getCount(),
    pairs: async () => {
      const pairs = repository.createQueryBuilder('row').innerJoin(target, 'other', '1 = 1').select('COUNT(*)', 'n')
      return Math.sqrt(Number((await pairs.getRawOne<{ readonly n: string }>())?.n))
    },
  }
  const truth = worlds.attacker.rows.get(metadata)!.length
  for (const [name, count] of Object.entries(numbers)) {
    const where = `${metadata.name}.${name}`
    const seen = await outcomeOf(() => worlds.asAttacker(count))
    report.control(where, typeof seen === 'number' && seen > 0, `counts nothing: ${print(seen)}`)
    report.attacks += 1
    if (seen !== truth) report.find(where, 'counting', `counts ${print(seen)}, where the tenant has ${truth} rows`)
  }
}
