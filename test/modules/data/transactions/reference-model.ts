/**
 * What a program of blocks must leave committed, worked out without a database: a map, copied where something may be
 * undone. Blocks of one program touch rows of their own, so that the order of parallel ones does not matter.
 */
import type { Propagation } from 'tenon/data'

export type Step =
  | { readonly kind: 'insert' }
  | { readonly kind: 'update' }
  | { readonly kind: 'delete' }
  /** A statement that the database refuses. */
  | { readonly kind: 'duplicate'; readonly isCaught: boolean }
  | { readonly kind: 'block'; readonly block: Block; readonly isCaught: boolean }
  | { readonly kind: 'parallel'; readonly blocks: readonly Block[]; readonly passesFailure: boolean }

export interface Block {
  readonly propagation: Propagation
  readonly steps: readonly Step[]
  readonly ending: 'returns' | 'throws' | 'throws harmlessly' | 'asks for rollback'
}

/** Thrown by blocks; the harmless kind is no reason to roll back. */
export class Failure extends Error {}
export class HarmlessFailure extends Error {}

const ROWS_EACH = 10

/** Numbers the rows of a block and of those in it, in the order in which they are written. */
export class Numbering {
  readonly #firsts = new Map<Block, number>()
  #next = 0

  constructor(programs: readonly Block[]) {
    for (const program of programs) this.#visit(program)
  }

  first(block: Block): number {
    return this.#firsts.get(block) as number
  }

  #visit(block: Block): void {
    this.#firsts.set(block, this.#next)
    this.#next += ROWS_EACH
    for (const step of block.steps) {
      if (step.kind === 'block') this.#visit(step.block)
      if (step.kind === 'parallel') for (const each of step.blocks) this.#visit(each)
    }
  }
}

/** A transaction, or a savepoint. */
interface ModelScope {
  rows: Map<number, number>
  isBroken: boolean
  isDoomed: boolean
  isRollbackOnly: boolean
  readonly parent: ModelScope | undefined
}

/** Rows that are committed by one program that runs alone. */
export class ReferenceModel {
  #committed = new Map<number, number>()
  readonly #numbering: Numbering
  readonly #hasOneWriter: boolean

  constructor(numbering: Numbering, hasOneWriter: boolean) {
    this.#numbering = numbering
    this.#hasOneWriter = hasOneWriter
  }

  get committed(): ReadonlyMap<number, number> {
    return this.#committed
  }

  /** Whether the block fails. */
  run(block: Block, scope?: ModelScope): Error | undefined {
    const { propagation } = block
    if (!scope) {
      if (propagation === 'mandatory') return new Failure('missing')
      if (propagation === 'supports' || propagation === 'never') return this.#body(block, undefined)
      return this.#whole(block)
    }
    if (propagation === 'never') return new Failure('unwanted')
    if (propagation === 'requires-new') return this.#hasOneWriter ? new Failure('one writer') : this.#whole(block)
    if (propagation === 'nested') return this.#savepoint(block, scope)
    const error = this.#body(block, scope)
    if (error && !(error instanceof HarmlessFailure)) scope.isDoomed = true
    return error
  }

  #whole(block: Block): Error | undefined {
    const scope = begin(this.#committed, undefined)
    const { keeps, error } = this.#settle(block, scope)
    // Others were committed meanwhile, in rows of their own.
    if (keeps) this.#committed = merge(this.#committed, scope.rows, this.#numbering.first(block), extent(block))
    return error
  }

  #savepoint(block: Block, parent: ModelScope): Error | undefined {
    if (isBroken(parent)) return new Failure('doomed')
    const scope = begin(parent.rows, parent)
    const { keeps, error } = this.#settle(block, scope)
    if (keeps) parent.rows = scope.rows
    return error
  }

  #settle(block: Block, scope: ModelScope): { readonly keeps: boolean; readonly error: Error | undefined } {
    const error = this.#body(block, scope)
    const isWhole = !scope.isDoomed && !scope.isBroken
    if (error) return { keeps: error instanceof HarmlessFailure && isWhole && !scope.isRollbackOnly, error }
    if (!isWhole) return { keeps: false, error: new Failure('doomed') }
    return { keeps: !scope.isRollbackOnly, error: undefined }
  }

  #body(block: Block, scope: ModelScope | undefined): Error | undefined {
    const first = this.#numbering.first(block)
    let inserted = 0
    for (const step of block.steps) {
      const error = this.#step(step, scope, first, inserted)
      if (step.kind === 'insert') inserted += 1
      if (error) return error
    }
    if (block.ending === 'throws') return new Failure('thrown')
    if (block.ending === 'throws harmlessly') return new HarmlessFailure('thrown')
    if (block.ending === 'asks for rollback') {
      if (!scope) return new Failure('missing')
      scope.isRollbackOnly = true
    }
    return undefined
  }

  #step(step: Step, scope: ModelScope | undefined, first: number, inserted: number): Error | undefined {
    if (step.kind === 'block') {
      const error = this.run(step.block, scope)
      return step.isCaught ? undefined : error
    }
    if (step.kind === 'parallel') {
      const [failure] = step.blocks.map((each) => this.run(each, scope)).filter((each) => each !== undefined)
      return step.passesFailure ? failure : undefined
    }
    if (scope && isBroken(scope)) return step.kind === 'duplicate' && step.isCaught ? undefined : new Failure('doomed')
    if (step.kind === 'duplicate') {
      if (scope) scope.isBroken = true
      return step.isCaught ? undefined : new Failure('duplicate')
    }
    const rows = scope ? scope.rows : this.#committed
    if (step.kind === 'insert') rows.set(first + inserted, 1)
    else if (step.kind === 'delete') rows.delete(first)
    else if (rows.has(first)) rows.set(first, (rows.get(first) as number) + 1)
    return undefined
  }
}

function begin(rows: ReadonlyMap<number, number>, parent: ModelScope | undefined): ModelScope {
  return { rows: new Map(rows), isBroken: false, isDoomed: false, isRollbackOnly: false, parent }
}

function isBroken(scope: ModelScope | undefined): boolean {
  return scope !== undefined && (scope.isBroken || isBroken(scope.parent))
}

/** How many rows a block and those in it have. */
function extent(block: Block): number {
  const inner = block.steps.flatMap((step) =>
    step.kind === 'block' ? [step.block] : step.kind === 'parallel' ? step.blocks : [],
  )
  return inner.reduce((sum, each) => sum + extent(each), ROWS_EACH)
}

/** The rows of one block from its transaction; what an inner one has committed by itself is there already. */
function merge(
  committed: ReadonlyMap<number, number>,
  own: ReadonlyMap<number, number>,
  first: number,
  count: number,
): Map<number, number> {
  const merged = new Map(committed)
  for (const [row, value] of own) if (row >= first && row < first + count) merged.set(row, value)
  return merged
}
