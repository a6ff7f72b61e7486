/** Entities for tests and seeds: made up from a seed, the same every time, with states and relations. */
import { Random } from 'tenon'
import type { Class } from 'tenon/decorators'
import type { EntityManager, EntityMetadata } from 'typeorm'
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js'

import { ownerOf } from '../reads/row-reader.ts'

/** What a value of a factory may be made from. */
export interface FactoryContext {
  /** Counts the entities of the factory, from 1. */
  readonly sequence: number
  readonly random: Random
}

/** A value, how to make it, or a factory that makes the related entity or, in an array, entities. */
export type FactoryValue<V> =
  | V
  | ((context: FactoryContext) => V)
  | (NonNullable<V> extends readonly (infer Item)[]
      ? Item extends object
        ? readonly Factory<Item>[]
        : never
      : NonNullable<V> extends object
        ? Factory<NonNullable<V>>
        : never)

/** Properties of an entity with what they are made from. */
export type Definition<E> = { readonly [P in keyof E]?: FactoryValue<E[P]> }

const DEFAULT_SEED = 1

/** How often factories have been used in one run: shared by a factory and everything derived from it. */
interface Course {
  sequence: number
  readonly random: Random
}

/**
 * Makes entities. It never changes: `with`, `state` and the others answer a new factory, which counts on with this one.
 * @example
 * const tickets = factory(Ticket, { title: ({ sequence }) => `Ticket ${sequence}` }).states({ closed: { state: 'closed' } })
 * await tickets.state('closed').createMany(unitOfWork.manager, 3)
 */
export class Factory<E extends object, S extends string = never> {
  readonly #entity: Class<E>
  readonly #definition: Definition<E>
  readonly #states: Readonly<Record<string, Definition<E>>>
  readonly #course: Course

  constructor(
    entity: Class<E>,
    definition: Definition<E>,
    states: Readonly<Record<string, Definition<E>>>,
    course: Course,
  ) {
    this.#entity = entity
    this.#definition = definition
    this.#states = states
    this.#course = course
  }

  /** Names variants of the entity. */
  states<T extends string>(states: Readonly<Record<T, Definition<E>>>): Factory<E, S | T> {
    return new Factory<E, S | T>(this.#entity, this.#definition, { ...this.#states, ...states }, this.#course)
  }

  /** The entities as in these states; a later one wins over an earlier one. */
  state(...names: readonly S[]): Factory<E, S> {
    return names.reduce<Factory<E, S>>((factory, name) => factory.with(this.#states[name] as Definition<E>), this)
  }

  /** The entities with these values. */
  with(values: Definition<E>): Factory<E, S> {
    return new Factory(this.#entity, { ...this.#definition, ...values }, this.#states, this.#course)
  }

  /** One that starts again: the same entities for the same seed, whatever was made before. */
  seed(seed: number): Factory<E, S> {
    return new Factory(this.#entity, this.#definition, this.#states, newCourse(seed))
  }

  /** An entity that is not written, with its relations. */
  make(): E {
    const course = this.#course
    course.sequence += 1
    const context: FactoryContext = { sequence: course.sequence, random: course.random }
    const entity = new this.#entity()
    for (const [name, value] of Object.entries(this.#definition)) {
      ;(entity as Record<string, unknown>)[name] = made(value, context)
    }
    return entity
  }

  /** Several of them. */
  makeMany(count: number): E[] {
    return Array.from({ length: count }, () => this.make())
  }

  /**
   * Writes one, and first what it belongs to; with what the database generated.
   * @param manager - Of the unit of work, so that it takes part in the current transaction.
   */
  async create(manager: EntityManager): Promise<E> {
    return persist(manager, this.make())
  }

  /** Writes several, one after the other, so that generated keys are the same every time. */
  async createMany(manager: EntityManager, count: number): Promise<E[]> {
    const entities: E[] = []
    for (const entity of this.makeMany(count)) entities.push(await persist(manager, entity))
    return entities
  }
}

/** @param definition - What an entity has when nothing else is said. */
export function factory<E extends object>(
  entity: Class<E>,
  definition: Definition<E> = {},
  { seed = DEFAULT_SEED }: { readonly seed?: number } = {},
): Factory<E> {
  return new Factory<E>(entity, definition, {}, newCourse(seed))
}

function newCourse(seed: number): Course {
  return { sequence: 0, random: new Random(seed) }
}

function made(value: unknown, context: FactoryContext): unknown {
  if (value instanceof Factory) return value.make() as unknown
  if (Array.isArray(value)) return value.map((each: unknown) => made(each, context))
  return typeof value === 'function' ? (value as (context: FactoryContext) => unknown)(context) : value
}

/** What has the foreign key is written after what it names; what is named from the other side, after itself. */
async function persist<E extends object>(manager: EntityManager, entity: E, seen = new Set<object>()): Promise<E> {
  seen.add(entity)
  const later: { readonly relation: RelationMetadata; readonly value: unknown; readonly fresh: readonly object[] }[] =
    []
  for (const relation of manager.dataSource.getMetadata(entity.constructor).relations) {
    const value: unknown = relation.getEntityValue(entity)
    const related = (Array.isArray(value) ? value : [value]).filter(isObject)
    const fresh = related.filter((each) => !seen.has(each) && !isWritten(relation.inverseEntityMetadata, each))
    if (relation.isManyToOne || relation.isOneToOneOwner || relation.isManyToManyOwner) {
      for (const each of fresh) await persist(manager, each, seen)
    } else if (related.length > 0) {
      later.push({ relation, value, fresh })
    }
  }
  // TypeORM would take what is not written yet for rows that are there, and change their foreign keys.
  for (const { relation } of later) assign(relation, entity, undefined)
  await manager.save(entity)
  for (const { relation, value, fresh } of later) {
    for (const each of fresh) await persistBehind(manager, relation, entity, each, seen)
    assign(relation, entity, value)
  }
  return entity
}

/** The related entity with its side of the relation, which is not left behind: two that hold each other print for ever. */
async function persistBehind(
  manager: EntityManager,
  { inverseRelation, isManyToManyNotOwner }: RelationMetadata,
  entity: object,
  related: object,
  seen: Set<object>,
): Promise<void> {
  const before: unknown = inverseRelation?.getEntityValue(related)
  if (inverseRelation) assign(inverseRelation, related, isManyToManyNotOwner ? [entity] : entity)
  await persist(manager, related, seen)
  if (inverseRelation) assign(inverseRelation, related, before)
}

/** TypeORM's own way merges into what is there. */
function assign(relation: RelationMetadata, entity: object, value: unknown): void {
  const path = relation.embeddedMetadata?.embeddedMetadataTree ?? []
  ownerOf(entity as Record<string, unknown>, path)[relation.propertyName] = value
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Only a key that the database makes tells; writing one that is there again changes nothing. */
function isWritten(metadata: EntityMetadata, entity: object): boolean {
  return metadata.hasId(entity) && metadata.primaryColumns.every((column) => column.isGenerated)
}
