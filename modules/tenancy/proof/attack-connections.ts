/**
 * Attacks what calls of different tenants use one after the other, or at once: connections that somebody has told something
 * else, transactions that go over to another tenant and back, and the pool beneath everything.
 */
import { ModuleGraph, type Container } from 'tenon'
import { BaseRepository, UnitOfWork } from 'tenon/data'
import { REPOSITORY, type AbstractClass } from 'tenon/decorators'

import { outcomeOf, print, shows } from './deed.ts'
import type { ProofReport } from './proof-report.ts'
import { ownerProperty, type Metadata, type Row } from './tenant-world.ts'
import { ATTACKER, VICTIM, type TwoWorlds } from './two-worlds.ts'

/** Calls of each that run at once. */
const AT_ONCE = 8

type Get = Pick<Container, 'get'>
type Rows = Pick<BaseRepository<Row>, 'find'> & Partial<Pick<BaseRepository<Row>, 'related'>>

interface Pool {
  query(sql: string): Promise<{ readonly rows: readonly Row[] }>
}

export async function useTogether(worlds: TwoWorlds, report: ProofReport, app: Get): Promise<void> {
  const unitOfWork = app.get(UnitOfWork)
  for (const metadata of worlds.scoped) {
    const rows = repositoryOf(metadata, app) ?? worlds.repositoryOf(metadata)
    const attack = new ConnectionAttacks(worlds, report, unitOfWork, metadata, rows)
    await attack.atOnce()
    await attack.withinOneTick()
    await attack.inOneTransaction()
    if (worlds.source.options.type !== 'postgres') continue
    await attack.toldOtherwise()
    await attack.beneath()
  }
}

/** The application's own, which reads by plans. */
function repositoryOf({ target }: Metadata, app: Get): Rows | undefined {
  const { providers } = app.get(ModuleGraph)
  const found = providers.find(({ implementation }) => implementation && REPOSITORY.read(implementation) === target)
  return found && app.get(found.implementation as AbstractClass<BaseRepository<Row>>)
}

class ConnectionAttacks {
  readonly #worlds: TwoWorlds
  readonly #report: ProofReport
  readonly #unitOfWork: UnitOfWork
  readonly #metadata: Metadata
  readonly #rows: Rows

  constructor(worlds: TwoWorlds, report: ProofReport, unitOfWork: UnitOfWork, metadata: Metadata, rows: Rows) {
    this.#worlds = worlds
    this.#report = report
    this.#unitOfWork = unitOfWork
    this.#metadata = metadata
    this.#rows = rows
  }

  async atOnce(): Promise<void> {
    const where = `${this.#metadata.name} at once`
    const find = () => outcomeOf(async () => this.#rows.find())
    const pairs = Array.from({ length: AT_ONCE }, () =>
      Promise.all([this.#worlds.asAttacker(find), this.#worlds.asVictim(find)]),
    )
    for (const [own, theirs] of await Promise.all(pairs)) this.#expect(where, 'calls of both at once', own, theirs)
  }

  /** Relations that are asked for one by one, and read together. */
  async withinOneTick(): Promise<void> {
    const { attacker, victim, scoped } = this.#worlds
    const [ours, theirs] = [attacker, victim].map((world) => world.rows.get(this.#metadata)![0]!) as [Row, Row]
    for (const { propertyPath, inverseEntityMetadata, joinColumns } of this.#metadata.relations) {
      if (!this.#rows.related || joinColumns.length === 0 || !scoped.includes(inverseEntityMetadata)) continue
      const related = (row: Row) => () => outcomeOf(() => this.#rows.related!(row, propertyPath))
      const seen = await Promise.all([this.#worlds.asAttacker(related(ours)), this.#worlds.asVictim(related(theirs))])
      this.#expect(`${this.#metadata.name} related to ${propertyPath}`, 'both within one tick', ...seen)
    }
  }

  /** One transaction, whose code acts for the other in between: also in a part of it that is taken back. */
  async inOneTransaction(): Promise<void> {
    const where = `${this.#metadata.name} in one transaction`
    const find = () => this.#rows.find()
    const seen = await outcomeOf(() =>
      this.#worlds.asAttacker(() =>
        this.#unitOfWork.transaction(async () => {
          const before = await find()
          const theirs = await this.#worlds.asVictim(find)
          const after = await find()
          const takenBack = await outcomeOf(() =>
            this.#unitOfWork.transaction(
              async () => {
                await this.#worlds.asVictim(find)
                throw new Error('taken back')
              },
              { propagation: 'nested' },
            ),
          )
          return [before, theirs, after, takenBack, await this.#worlds.asVictim(find), await find()] as const
        }),
      ),
    )
    if (seen instanceof Error) {
      this.#report.control(where, false, `fails: ${print(seen)}`)
      return
    }
    const [before, theirs, after, , theirsAgain, atLast] = seen as readonly [
      unknown,
      unknown,
      unknown,
      unknown,
      unknown,
      unknown,
    ]
    this.#expect(where, 'before and within', before, theirs)
    this.#expect(where, 'after it', after, theirs)
    this.#expect(where, 'after what is taken back', atLast, theirsAgain)
  }

  /** Code of the attacker's own tells its connection that it is the victim's, and leaves it so. */
  async toldOtherwise(): Promise<void> {
    const { source } = this.#worlds
    const where = `${this.#metadata.name} on a used connection`
    const repository = (runner: ReturnType<typeof source.createQueryRunner>) =>
      runner.manager.getRepository(this.#metadata.target)
    let drafts = 100
    for (const statement of this.#hijacks()) {
      const held = await outcomeOf(() =>
        this.#worlds.asAttacker(async () => {
          const runner = source.createQueryRunner()
          try {
            await runner.query(statement)
            const draft = this.#worlds.attacker.values(this.#metadata, (drafts += 1), 1)
            await repository(runner).save(repository(runner).create(draft))
            return await repository(runner).find()
          } finally {
            await runner.release()
          }
        }),
      )
      const left = () => outcomeOf(async () => this.#rows.find())
      this.#expect(where, `on it: ${statement}`, held, await this.#worlds.asVictim(left))
      await outcomeOf(() => this.#worlds.asAttacker(() => source.query(statement)))
      this.#expect(
        where,
        `after it: ${statement}`,
        await this.#worlds.asAttacker(left),
        await this.#worlds.asVictim(left),
      )
      this.#report.attacks += 1
      if (await this.#worlds.isHarmed()) {
        this.#report.find(where, statement, "changes another tenant's rows, or links to them")
      }
    }
  }

  #hijacks(): readonly string[] {
    const { driver } = this.#worlds.source
    const table = driver.escape(this.#metadata.tableName)
    const schema = this.#worlds.schemaOfVictim
    const settings = [
      `SELECT set_config('tenon.owner', '${VICTIM.tenant}', false)`,
      `SET "tenon.owner" = '*'`,
      ...(schema === undefined ? [] : [`SET search_path = ${schema}, public`, `SET SESSION search_path = ${schema}`]),
    ]
    // Where tables are shared, it would stand in the place of what the tenant has, and be empty.
    return schema === undefined ? settings : [...settings, `CREATE TEMP TABLE IF NOT EXISTS ${table} (id integer)`]
  }

  /** The driver's pool, where no statement is looked at: only where the database itself keeps rows apart. */
  async beneath(): Promise<void> {
    const { source } = this.#worlds
    if (!(await this.#worlds.hasWallOf(this.#metadata))) return
    const where = `${this.#metadata.name} beneath the framework`
    const owner = ownerProperty(this.#metadata)
    const read = () =>
      outcomeOf(async () => {
        const pool = (source.driver as unknown as { readonly master: Pool }).master
        const { rows } = await pool.query(`SELECT * FROM ${source.driver.escape(this.#metadata.tableName)}`)
        return rows.map((row) => ({ ...row, owner }))
      })
    this.#expect(where, 'the pool', await this.#worlds.asAttacker(read), await this.#worlds.asVictim(read))
    const nobody = await read()
    this.#report.attacks += 1
    if (shows(nobody, VICTIM.mark)) this.#report.find(where, 'no tenant', `answers rows: ${print(nobody)}`)
  }

  /** Each has to see its own, and nothing of the other. */
  #expect(where: string, attack: string, own: unknown, theirs: unknown): void {
    const isAnswered = shows(own, ATTACKER.mark) && shows(theirs, VICTIM.mark)
    this.#report.require(
      where,
      isAnswered,
      `${attack}: the tenants do not see their rows: ${print(own)}, ${print(theirs)}`,
    )
    this.#report.attacks += 1
    if (shows(own, VICTIM.mark)) this.#report.find(where, attack, `answers rows of the other: ${print(own)}`)
    if (shows(theirs, ATTACKER.mark)) this.#report.find(where, attack, `answers rows of the attacker: ${print(theirs)}`)
  }
}
