/** What `tenon console --sandbox` runs in: transactions that are rolled back at the end. */
import { Sandbox } from 'tenon'
import { Injectable } from 'tenon/decorators'

import { Database } from '../database.ts'
import { UnitOfWork } from '../unit-of-work.ts'
import { rollbackOnly } from './hooks.ts'

@Injectable()
export class RollbackSandbox extends Sandbox {
  readonly #database: Database
  readonly #unitOfWork: UnitOfWork

  constructor(database: Database, unitOfWork: UnitOfWork) {
    super()
    this.#database = database
    this.#unitOfWork = unitOfWork
  }

  /** One transaction in each source. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const inAll = this.#database.all.reduce<() => Promise<T>>(
      (inner, { name }) =>
        () =>
          this.#unitOfWork.transaction(
            () => {
              rollbackOnly()
              return inner()
            },
            { source: name, propagation: 'requires-new' },
          ),
      work,
    )
    return inAll()
  }
}
