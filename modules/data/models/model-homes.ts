/** Which database the models of an application live in: known from when it is open until it is closed. */
import { Injectable, OnInit, OnShutdown, Repository, type Class } from 'tenon/decorators'
import type { FindOptionsWhere, ObjectLiteral } from 'typeorm'

import { BaseRepository } from '../base-repository.ts'
import { ModelAmbiguous, ModelHomeless, ModelUnsaved } from './model-errors.ts'
import { Database } from '../database.ts'
import { UnitOfWork } from '../unit-of-work.ts'

/** Of all applications of this process; most have one. */
const OPEN = new Set<ModelHomes>()

@Injectable()
export class ModelHomes {
  readonly #database: Database
  readonly #unitOfWork: UnitOfWork
  readonly #repositories = new Map<Class<ObjectLiteral>, BaseRepository<ObjectLiteral>>()

  constructor(database: Database, unitOfWork: UnitOfWork) {
    this.#database = database
    this.#unitOfWork = unitOfWork
  }

  @OnInit()
  open(): void {
    OPEN.add(this)
  }

  @OnShutdown()
  close(): void {
    OPEN.delete(this)
  }

  has(model: Class<ObjectLiteral>): boolean {
    return this.#database.homeOf(model).source.hasMetadata(model)
  }

  get isInTransaction(): boolean {
    return this.#unitOfWork.isActive
  }

  keyOf<E extends ObjectLiteral>(row: E): FindOptionsWhere<E> {
    const model = row.constructor as Class<E>
    const metadata = this.#database.homeOf(model).source.getMetadata(model)
    const key = metadata.getEntityIdMap(row)
    if (!key) throw new ModelUnsaved(metadata.name)
    return key as FindOptionsWhere<E>
  }

  /** A model reads and writes as a repository of its own would. */
  repositoryOf<E extends ObjectLiteral>(model: Class<E>): BaseRepository<E> {
    const known = this.#repositories.get(model)
    if (known) return known as unknown as BaseRepository<E>
    const made = new (repositoryFor(model))(this.#unitOfWork)
    this.#repositories.set(model, made as unknown as BaseRepository<ObjectLiteral>)
    return made
  }
}

/** The repository of a model. @throws `DATA_MODEL_HOMELESS`, `DATA_MODEL_AMBIGUOUS` */
export function repositoryOf<E extends ObjectLiteral>(model: Class<E>): BaseRepository<E> {
  return homeOf(model).repositoryOf(model)
}

/** The primary key of a row. @throws `DATA_MODEL_UNSAVED` when it has none yet. */
export function keyOf<E extends ObjectLiteral>(row: E): FindOptionsWhere<E> {
  return homeOf(row.constructor as Class<E>).keyOf(row)
}

/** The application that is open and has this model; of several, the one whose transaction this code runs in. */
function homeOf(model: Class<ObjectLiteral>): ModelHomes {
  const homes = [...OPEN].filter((home) => home.has(model))
  const [home, other] = homes
  if (!home) throw new ModelHomeless(model.name)
  if (!other) return home
  const active = homes.filter(({ isInTransaction }) => isInTransaction)
  if (active.length !== 1) throw new ModelAmbiguous(model.name, homes.length)
  return active[0]!
}

function repositoryFor<E extends ObjectLiteral>(model: Class<E>): new (unitOfWork: UnitOfWork) => BaseRepository<E> {
  @Repository(model)
  class Rows extends BaseRepository<E> {}
  // Errors name the model, whose methods were called.
  Object.defineProperty(Rows, 'name', { value: model.name })
  return Rows
}
