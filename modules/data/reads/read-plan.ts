/**
 * The plan of a shape: the SQL texts, what is bound where, and which entities come back. The texts are those that
 * TypeORM's own query builder sends: it is let run once against a recorder in place of a connection.
 */
import type { EntityManager, EntityMetadata, QueryRunner, SelectQueryBuilder } from 'typeorm'
import { DriverUtils } from 'typeorm/driver/DriverUtils.js'

import { forEverybody, forOwnerMark } from '../owners/acting-owner.ts'
import { OwnedRows } from '../owners/owned-rows.ts'
import { EVERYBODY } from '../owners/row-owners.ts'
import { readEntityTree, type EntityTree } from './entity-node.ts'
import { KeyMark, plannedStatement, type PlannedStatement, type Slot } from './planned-statement.ts'
import { planPartsRead, type PartsRead } from './read-parts.ts'
import type { ReadOptions } from './read-shape.ts'
import type { ReaderMode } from './row-reader.ts'
import { pagedText } from './paged-text.ts'
import { Mark, templateOptions } from './template-options.ts'

export interface ReadPlan {
  /** Those whose values need something before they are bound. */
  readonly marks: readonly Mark[]
  readonly tree: EntityTree
  /** Finds the keys of the page, where joins make rows say nothing about the number of entities. */
  readonly keys: PlannedStatement | undefined
  /** The entities; for `keys`, those of so many keys. */
  readonly entities: (keyCount: number) => Promise<PlannedStatement>
  /** Where only one statement is needed: it. */
  readonly only: PlannedStatement | undefined
  /** Reads large relations faster, where that can be. @param joined - The statement with the joins; it has been run. */
  readonly inParts: (manager: EntityManager, mode: ReaderMode, joined: PlannedStatement) => PartsRead | undefined
  /** The last statement with joins that was run. */
  joined: PlannedStatement | undefined
  /** Whether the last read was a page, or had so many rows, that parts are worth it. */
  isLarge: boolean
  /** Whether its parts have turned out to say nothing: columns with `NULL`s that the entity does not know of. */
  needsJoin: boolean
  /** How many there are on all pages. */
  readonly count: () => Promise<PlannedStatement>
}

/** @returns `undefined` where TypeORM has to do the read itself. */
export async function planRead(
  manager: EntityManager,
  metadata: EntityMetadata,
  options: ReadOptions,
): Promise<ReadPlan | undefined> {
  const template = templateOptions(metadata, options)
  if (!template) return undefined
  const asPlanned = isForEverybody(manager) ? forEverybody : forOwnerMark
  const recording = await asPlanned(() => tryRecord(manager, metadata, template))
  if (!recording) return undefined
  const { statements, builder } = recording
  const tree = readEntityTree(builder)
  const [first, second] = statements
  if (!tree || !first) return undefined
  const count = once(async () => (await asPlanned(() => recordCount(manager, metadata, template))) as PlannedStatement)
  const marks = [first, second].flatMap((each) => each?.slots ?? []).filter((slot) => slot instanceof Mark)
  let parts: PartsRead | false | undefined
  const inParts: ReadPlan['inParts'] = (asking, mode, joined) => {
    parts ??= asPlanned(() => planPartsRead(asking, tree, template, joined, mode)) ?? false
    return parts || undefined
  }
  const common = { marks, tree, count, inParts, joined: undefined, isLarge: false, needsJoin: false }
  if (!second) return { ...common, keys: undefined, only: first, entities: async () => first }

  const bySize = new Map([[1, second]])
  const entities = async (keyCount: number): Promise<PlannedStatement> => {
    const size = nextSize(keyCount)
    const known = bySize.get(size)
    if (known) return known
    const { statements } = await asPlanned(() => record(manager, metadata, template, size))
    const statement = statements[1] as PlannedStatement
    bySize.set(size, statement)
    return statement
  }
  return { ...common, keys: first, only: undefined, entities }
}

/** Whether reads of the running code are kept to no owner: they have other plans than those that are. */
function isForEverybody({ dataSource }: EntityManager): boolean {
  return OwnedRows.of(dataSource)?.owner === EVERYBODY
}

/** A list of keys is filled up to a power of two by repeating the last, so that few lengths of list are planned. */
export function nextSize(count: number): number {
  return 2 ** Math.ceil(Math.log2(count))
}

interface Recording {
  readonly statements: readonly PlannedStatement[]
  readonly builder: SelectQueryBuilder<object>
}

async function record(
  manager: EntityManager,
  metadata: EntityMetadata,
  template: ReadOptions,
  keyCount: number,
): Promise<Recording> {
  const recorder = new Recorder(metadata, keyCount, manager)
  const builder = recorder.builder(template)
  await builder.getMany()
  return { statements: recorder.statements, builder }
}

/** Options that TypeORM refuses are refused by it: the read goes to it, with the values that its message names. */
async function tryRecord(
  manager: EntityManager,
  metadata: EntityMetadata,
  template: ReadOptions,
): Promise<Recording | undefined> {
  try {
    return await record(manager, metadata, template, 1)
  } catch {
    return undefined
  }
}

async function recordCount(
  manager: EntityManager,
  metadata: EntityMetadata,
  template: ReadOptions,
): Promise<PlannedStatement | undefined> {
  const recorder = new Recorder(metadata, 0, manager)
  await recorder.builder(template).getCount()
  return recorder.statements[0]
}

/** Takes the place of a query runner: writes down what it is asked, and answers keys where keys are asked for. */
class Recorder {
  readonly statements: PlannedStatement[] = []
  readonly #metadata: EntityMetadata
  readonly #keyCount: number
  readonly #manager: EntityManager

  constructor(metadata: EntityMetadata, keyCount: number, manager: EntityManager) {
    this.#metadata = metadata
    this.#keyCount = keyCount
    this.#manager = manager
  }

  builder(options: ReadOptions): SelectQueryBuilder<object> {
    const runner = { isTransactionActive: false, query: this.#query.bind(this) }
    const { target, name } = this.#metadata
    return this.#manager.createQueryBuilder(target, name, runner as unknown as QueryRunner).setFindOptions(options)
  }

  #query(sql: string, parameters: readonly unknown[]): Promise<{ readonly records: readonly object[] }> {
    const asksForKeys = this.statements.length === 0 && sql.includes('distinctAlias')
    this.statements.push(pagedStatement(this.#manager, sql, parameters))
    const records = asksForKeys ? Array.from({ length: this.#keyCount }, (_, row) => this.#keyRow(row)) : []
    return Promise.resolve({ records })
  }

  #keyRow(row: number): object {
    const { driver } = this.#manager.dataSource
    const { name, primaryColumns } = this.#metadata
    return Object.fromEntries(
      primaryColumns.map((column, at) => [
        DriverUtils.buildAlias(driver, undefined, `ids_${name}`, column.databaseName),
        new KeyMark(row, at),
      ]),
    )
  }
}

/** `take` and `skip` become parameters: written out, each page would be another text to prepare. */
function pagedStatement(manager: EntityManager, text: string, parameters: readonly unknown[]): PlannedStatement {
  const slots = [...parameters] as Slot[]
  const sql = pagedText(manager, text, (slot) => {
    slots.push(slot)
    return manager.dataSource.driver.createParameter('', slots.length - 1)
  })
  return plannedStatement(sql, slots)
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
