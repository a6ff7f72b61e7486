/** Runs endpoints and provider methods that are marked `@Transactional` in a transaction. */
import type { Around, Endpoint, EndpointInterceptor } from 'tenon'
import { Interceptor, TRANSACTIONAL, type Class, type TransactionOptions } from 'tenon/decorators'

import { TransactionalNotAsync } from './transaction-errors.ts'
import { UnitOfWork } from '../unit-of-work.ts'

@Interceptor({ phase: 'transact', on: 'all', repeats: true })
export class TransactionInterceptor implements EndpointInterceptor {
  readonly #unitOfWork: UnitOfWork

  constructor(unitOfWork: UnitOfWork) {
    this.#unitOfWork = unitOfWork
  }

  /** @throws `DATA_TRANSACTIONAL_NOT_ASYNC` for a method that a transactional class would turn into a promise. */
  forEndpoint(endpoint: Endpoint): Around | undefined {
    const ofMethod = TRANSACTIONAL.read(endpoint.type, endpoint.method)
    const options = ofMethod ?? ofClass(endpoint)
    if (!options) return undefined
    if (!ofMethod && endpoint.transport === 'method' && !isAsync(methodOf(endpoint))) {
      throw new TransactionalNotAsync(endpoint.name)
    }
    const holder = holderOf(endpoint)
    return (_context, next) => this.#unitOfWork.transaction(next, options, holder)
  }
}

/** What is said above a class holds for the methods that it and its subclasses write, not for those it inherits. */
function ofClass({ type, method }: Endpoint): TransactionOptions | undefined {
  let holder = type
  while (!Object.hasOwn(holder.prototype as object, method)) holder = Object.getPrototypeOf(holder) as Class
  return TRANSACTIONAL.read(holder) && TRANSACTIONAL.read(type)
}

function holderOf({ type, method, name }: Endpoint): string {
  const at = (TRANSACTIONAL.written(type, method) ?? TRANSACTIONAL.written(type))?.at
  return at ? `${name} (${at.file}:${at.line})` : name
}

function methodOf({ type, method }: Endpoint): unknown {
  return (type.prototype as Record<typeof method, unknown>)[method]
}

function isAsync(method: unknown): boolean {
  return Object.prototype.toString.call(method) === '[object AsyncFunction]'
}
