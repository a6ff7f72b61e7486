/**
 * Relations from rows of an owner to rows of everybody, where owners have databases: no statement joins them, so what is
 * pointed at is read by a statement of its own and put into its place.
 */
import {
  In,
  type EntityManager,
  type EntityMetadata,
  type FindManyOptions,
  type FindOneOptions,
  type ObjectLiteral,
} from 'typeorm'
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js'

import type { Reader } from '../query/typeorm-reads.ts'
import { isAbsent } from './tables-apart.ts'

/** Most keys in one look. */
const MAX_KEYS = 500

type Tree = Readonly<Record<string, unknown>>

/** A relation that leaves the database, with what is asked for at its other end. */
interface Leaving {
  /** From the entity that is read to the one that has the relation. */
  readonly path: readonly RelationMetadata[]
  readonly relation: RelationMetadata
  readonly relations: Tree
  readonly select: Tree | undefined
}

/** Whether rows that a relation points at can be read by the keys that its own rows hold. */
export function isReadableApart({ joinColumns, isManyToMany, isEager, isLazy }: RelationMetadata): boolean {
  const [column, ...others] = joinColumns
  return column !== undefined && !column.isVirtual && others.length === 0 && !isManyToMany && !isEager && !isLazy
}

/** @param managerOf - Of the database with the rows of an entity. */
export function readingApart<E extends ObjectLiteral>(
  reader: Reader<E>,
  metadata: EntityMetadata,
  managerOf: (metadata: EntityMetadata) => EntityManager,
): Reader<E> {
  const isApart = metadata.dataSource.entityMetadatas.some(isAbsent)
  return isApart ? new ReadsApart(reader, metadata, managerOf) : reader
}

class ReadsApart<E extends ObjectLiteral> implements Reader<E> {
  readonly #reader: Reader<E>
  readonly #metadata: EntityMetadata
  readonly #managerOf: (metadata: EntityMetadata) => EntityManager

  constructor(reader: Reader<E>, metadata: EntityMetadata, managerOf: (metadata: EntityMetadata) => EntityManager) {
    this.#reader = reader
    this.#metadata = metadata
    this.#managerOf = managerOf
  }

  find(manager: EntityManager, options: FindManyOptions<E>): E[] | Promise<E[]> {
    const { here, leaving } = part(this.#metadata, options)
    if (leaving.length === 0) return this.#reader.find(manager, options)
    return Promise.resolve(this.#reader.find(manager, here)).then((rows) => this.#fill(rows, leaving))
  }

  findOne(manager: EntityManager, options: FindOneOptions<E>): E | null | Promise<E | null> {
    const { here, leaving } = part(this.#metadata, options)
    if (leaving.length === 0) return this.#reader.findOne(manager, options)
    return Promise.resolve(this.#reader.findOne(manager, here)).then(async (row) => {
      if (row) await this.#fill([row], leaving)
      return row
    })
  }

  async findAndCount(manager: EntityManager, options: FindManyOptions<E>): Promise<[E[], number]> {
    const { here, leaving } = part(this.#metadata, options)
    const [rows, total] = await this.#reader.findAndCount(manager, here)
    return [await this.#fill(rows, leaving), total]
  }

  async #fill(rows: E[], leaving: readonly Leaving[]): Promise<E[]> {
    for (const { path, relation, relations, select } of leaving) {
      const from = path.reduce<readonly ObjectLiteral[]>(
        (owners, step) => owners.flatMap((owner) => (step.getEntityValue(owner) as ObjectLiteral | undefined) ?? []),
        rows,
      )
      const [own] = relation.joinColumns as [RelationMetadata['joinColumns'][number]]
      const target = own.referencedColumn!
      const keyOf = (row: ObjectLiteral): unknown => row[own.propertyName] as unknown
      const keys = [...new Set(from.map(keyOf).filter((key) => key !== null && key !== undefined))]
      const found = new Map<string, ObjectLiteral>()
      const repository = this.#managerOf(relation.inverseEntityMetadata).getRepository(relation.type)
      for (let first = 0; first < keys.length; first += MAX_KEYS) {
        const where = target.createValueMap(In(keys.slice(first, first + MAX_KEYS)))
        const asked = { where, relations, ...(select && { select: { ...select, [target.propertyName]: true } }) }
        for (const row of await repository.find(asked as FindManyOptions<ObjectLiteral>)) {
          found.set(String(target.getEntityValue(row)), row)
        }
      }
      for (const row of from) relation.setEntityValue(row, found.get(String(keyOf(row))) ?? null)
    }
    return rows
  }
}

/** What can be read here, and what leaves from it. */
function part<O extends FindOneOptions<any>>(
  metadata: EntityMetadata,
  options: O,
): { readonly here: O; readonly leaving: readonly Leaving[] } {
  if (!options.relations) return { here: options, leaving: [] }
  const leaving: Leaving[] = []
  const select = options.select as Tree | undefined
  const parted = partTree(metadata, options.relations as Tree, select, [], leaving)
  if (leaving.length === 0) return { here: options, leaving }
  return { here: { ...options, relations: parted.relations, ...(select && { select: parted.select }) }, leaving }
}

function partTree(
  metadata: EntityMetadata,
  relations: Tree,
  select: Tree | undefined,
  path: readonly RelationMetadata[],
  leaving: Leaving[],
): { readonly relations: Tree; readonly select: Tree | undefined } {
  const here: Record<string, unknown> = {}
  const selected: Record<string, unknown> = { ...select }
  for (const [name, below] of Object.entries(relations)) {
    const relation = metadata.findRelationWithPropertyPath(name)
    if (!relation || !below) {
      here[name] = below
      continue
    }
    const chosen = typeof select?.[name] === 'object' ? (select[name] as Tree) : undefined
    const nested = typeof below === 'object' ? (below as Tree) : {}
    if (isAbsent(relation.inverseEntityMetadata)) {
      leaving.push({ path, relation, relations: nested, select: chosen })
      delete selected[name]
      for (const { propertyName } of relation.joinColumns) selected[propertyName] = true
      continue
    }
    const parted = partTree(relation.inverseEntityMetadata, nested, chosen, [...path, relation], leaving)
    here[name] = typeof below === 'object' ? parted.relations : below
    if (chosen) selected[name] = parted.select
  }
  return { relations: here, select: select && selected }
}
