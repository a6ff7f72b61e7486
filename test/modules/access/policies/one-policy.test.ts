/** One policy, many enforcements: they agree, and what explanations say is true. */
import fc from 'fast-check'
import { Module, type Principal } from 'tenon'
import { Access, AccessModule, applyFacts } from 'tenon/access'
import { BaseRepository, Database, DataModule, Repository } from 'tenon/data'
import { POLICY, UNKNOWN_SITE } from 'tenon/decorators'
import { testApp, type TestApp } from 'tenon/testing'

import { ResourcePolicy } from '../../../../modules/access/policy/resource-policy.ts'
import { onEveryDatabase, type DatabaseKind } from '../../data/on-every-database.ts'
import { ACTIONS, callers, FIELDS, Item, items, Owner, owners, policies, VALUES } from './random-policies.ts'

@Repository(Item)
class Items extends BaseRepository<Item> {}

@Repository(Owner)
class Owners extends BaseRepository<Owner> {}

const IS_FULL = process.env['FULL'] === '1'
const ROWS = 40
/** Each run decides on all rows for one policy, one caller and two actions. */
const RUNS: Readonly<Record<DatabaseKind, number>> = IS_FULL
  ? { sqlite: 1300, postgres: 400, mariadb: 400 }
  : { sqlite: 60, postgres: 20, mariadb: 20 }

/** What the server writes has more digits than a `Date`; what SQLite writes itself has fewer. */
const TIMES_OF_ITS_OWN: Readonly<Record<DatabaseKind, string>> = {
  sqlite: `UPDATE access_item SET at = substr(at, 1, 19) WHERE at LIKE '%.000'`,
  postgres: `UPDATE access_item SET at = at + INTERVAL '300 microseconds' WHERE id % 3 = 0`,
  mariadb: 'UPDATE access_item SET at = at + INTERVAL 300 MICROSECOND WHERE id % 3 = 0',
}

async function boot(url: string, kind: DatabaseKind): Promise<TestApp> {
  use(new ResourcePolicy({ entity: Item, name: 'ItemPolicy', rules: [], filter: false, at: UNKNOWN_SITE }))
  @Module({
    imports: [
      DataModule.with({ url, synchronize: true }),
      AccessModule.with({
        roles: {
          admin: { includes: ['agent'], permissions: ['items:write'] },
          agent: { permissions: ['items:read'] },
          customer: {},
          constructor: { permissions: ['toString'] },
        },
      }),
    ],
    providers: [Items, Owners],
  })
  class ItemsModule {}
  const app = await testApp(ItemsModule).boot()
  const [people, rows] = fc.sample(fc.tuple(owners, items(ROWS)), { numRuns: 1, seed: 7 })[0]!
  await app.get(Owners).insertMany(people)
  await app.get(Items).insertMany(rows)
  await app.get(Database).source.query(TIMES_OF_ITS_OWN[kind])
  return app
}

function use(policy: ResourcePolicy<Item>): void {
  POLICY.write(policy, Item)
}

const idsOf = (rows: readonly Item[]): readonly number[] => rows.map(({ id }) => id).toSorted((a, b) => a - b)

async function filterAsync(rows: readonly Item[], test: (row: Item) => Promise<boolean>): Promise<readonly Item[]> {
  const found = await Promise.all(rows.map(test))
  return rows.filter((_, index) => found[index])
}

/** Its refusals can be explained for certain; of a few random ones perhaps none can. */
const ONLY_FLAGGED = new ResourcePolicy<Item>({
  entity: Item,
  name: 'ItemPolicy',
  rules: [
    {
      effect: 'allow',
      actions: ['read'],
      conditions: [
        {
          kind: 'compare',
          operator: 'equal',
          left: { from: 'row', path: ['flag'] },
          right: { from: 'value', value: true },
        },
      ],
      at: UNKNOWN_SITE,
    },
  ],
  filter: false,
  at: UNKNOWN_SITE,
})

let triples = 0

/** Rows with what they refer to, and rows without, of which decisions have to find it out. */
async function loadRows(app: TestApp): Promise<readonly (readonly Item[])[]> {
  const repository = app.get(Items)
  return [await repository.find({ relations: { owner: true } }), await repository.find()]
}

async function agree(app: TestApp, policy: ResourcePolicy<Item>, caller: Principal | undefined): Promise<void> {
  use(policy)
  const access = app.get(Access)
  const repository = app.get(Items)
  for (const rows of await loadRows(app)) {
    for (const action of ACTIONS) {
      const inMemory = await filterAsync(rows, (row) => access.can(action, row, { caller }))
      const inSql = await repository.find({ where: access.visible(Item, action, { caller }) })
      expect(idsOf(inSql)).toEqual(idsOf(inMemory))
      if (inMemory.length > 0) expect(await access.can(action, Item, { caller })).toBe(true)
      triples += rows.length
    }
  }
}

async function masksAgree(app: TestApp, policy: ResourcePolicy<Item>, caller: Principal | undefined): Promise<void> {
  use(policy)
  const access = app.get(Access)
  for (const row of await app.get(Items).find()) {
    const masked = await access.mask(row, { caller })
    for (const field of FIELDS) {
      expect(field in masked).toBe(await access.can('read', row, { caller, field }))
    }
  }
}

async function bulkAgrees(app: TestApp, policy: ResourcePolicy<Item>, caller: Principal | undefined): Promise<void> {
  use(policy)
  const access = app.get(Access)
  const repository = app.get(Items)
  const rows = await repository.find()
  const expected = await filterAsync(
    rows,
    async (row) =>
      (await access.can('update', row, { caller })) &&
      (await access.refusedFields('update', row, ['touched'], { caller })).length === 0,
  )
  await repository.update({ touched: 1 }, { touched: 0 })

  await repository.where(access.visible(Item, 'update', { caller, fields: ['touched'] })).update({ touched: 1 })

  expect(idsOf(await repository.findBy({ touched: 1 }))).toEqual(idsOf(expected))
}

async function explanationsHold(
  app: TestApp,
  policy: ResourcePolicy<Item>,
  caller: Principal | undefined,
): Promise<number> {
  use(policy)
  const access = app.get(Access)
  let explained = 0
  for (const row of (await app.get(Items).find({ relations: { owner: true } })).slice(0, 8)) {
    const { allowed, facts } = await access.explain('read', row, { caller })
    expect(allowed).toBe(await access.can('read', row, { caller }))
    if (facts.length === 0) continue
    expect(allowed).toBe(false)
    const after = applyFacts({ caller, row }, facts)
    expect(await access.can('read', after.row!, { caller: after.caller })).toBe(true)
    explained++
  }
  return explained
}

/** Every value against every value, so that no trap is left to chance. */
async function disagreements(app: TestApp): Promise<readonly unknown[]> {
  const found: unknown[] = []
  const access = app.get(Access)
  const repository = app.get(Items)
  const columns = { text: 'text', number: 'ratio', boolean: 'flag', time: 'at' } as const
  await repository.delete({ touched: 0 })
  const longest = Math.max(...Object.values(VALUES).map(({ length }) => length))
  await repository.insertMany(
    Array.from({ length: longest + 1 }, (_, index) => ({
      id: index + 1,
      touched: 0,
      ...Object.fromEntries(Object.entries(columns).map(([kind, column]) => [column, VALUES[kind]![index] ?? null])),
    })),
  )
  const rows = await repository.find()
  for (const [kind, column] of Object.entries(columns)) {
    for (const value of VALUES[kind]!) {
      for (const operator of ['equal', 'less', 'lessOrEqual', 'greater', 'greaterOrEqual'] as const) {
        const left = { from: 'row', path: [column] } as const
        const conditions = [{ kind: 'compare', operator, left, right: { from: 'value', value } } as const]
        const rule = { effect: 'allow', actions: ['read'], conditions, at: UNKNOWN_SITE } as const
        use(new ResourcePolicy({ entity: Item, name: 'ItemPolicy', rules: [rule], filter: false, at: UNKNOWN_SITE }))
        const inSql = await repository.find({ where: access.visible(Item, 'read', { caller: undefined }) })
        const inMemory = await filterAsync(rows, (row) => access.can('read', row, { caller: undefined }))
        if (idsOf(inSql).join() !== idsOf(inMemory).join()) found.push([operator, value, idsOf(inSql), idsOf(inMemory)])
      }
    }
  }
  return found
}

onEveryDatabase('A policy', ({ create, kind }) => {
  it('takes keys that no column holds for nobody’s', async () => {
    await using database = await create()
    await using app = await boot(database.url, kind)
    const left = { from: 'row', path: ['owner', 'text'] } as const
    const conditions = [{ kind: 'not', of: { kind: 'empty', operand: left } } as const]
    const rule = { effect: 'allow', actions: ['read'], conditions, at: UNKNOWN_SITE } as const
    use(new ResourcePolicy({ entity: Item, name: 'ItemPolicy', rules: [rule], filter: false, at: UNKNOWN_SITE }))
    const access = app.get(Access)

    for (const ownerId of [1e21, -1.5, 2 ** 40, 'abc', Number.NaN]) {
      const row = Object.assign(new Item(), { ownerId })
      expect(await access.can('read', row, { caller: undefined })).toBe(false)
      expect(await access.rowDatabase.load(Item, ownerId)).toBeNull()
    }
    expect(await access.rowDatabase.load(Item, 1)).toMatchObject({ id: 1 })
  })

  it('compares every value as the database does', async () => {
    await using database = await create()
    await using app = await boot(database.url, kind)
    if (kind === 'postgres') {
      const { source } = app.get(Database)
      await source.query('ALTER TABLE access_item ALTER COLUMN text TYPE varchar(40) COLLATE "und-x-icu"')
    }

    expect(await disagreements(app)).toEqual([])
  })

  it('decides, filters, masks and writes alike, and explains what is true', async () => {
    await using database = await create()
    await using app = await boot(database.url, kind)
    let explained = 0
    triples = 0
    const begun = performance.now()

    await fc.assert(
      fc.asyncProperty(policies, callers, async (policy, caller) => {
        await agree(app, policy, caller)
        await masksAgree(app, policy, caller)
        await bulkAgrees(app, policy, caller)
        explained += await explanationsHold(app, policy, caller)
      }),
      { numRuns: RUNS[kind], examples: [[ONLY_FLAGGED, undefined]] },
    )

    expect(explained).toBeGreaterThan(0)
    if (IS_FULL) {
      const seconds = ((performance.now() - begun) / 1000).toFixed(0)
      process.stderr.write(`${kind}: ${triples} triples in ${seconds} s, ${explained} explanations tried out\n`)
    }
  }, 1_800_000)
})
