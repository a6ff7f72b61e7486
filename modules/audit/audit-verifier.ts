/**
 * Goes along the chain and says where it is broken. What a chain cannot show by itself: entries cut off at its end by
 * somebody who also sets the head back, and a whole chain made anew by somebody who knows the secret (or where there is
 * none). A checkpoint kept elsewhere shows both.
 */
import { Injectable } from 'tenon/decorators'

import { AuditChain } from './audit-chain.ts'
import type { AuditEntry } from './audit-entry.ts'
import { AuditCheckpointUnreadable } from './audit-errors.ts'
import { CLOSED, OPENED } from './audit-log.ts'
import { GENESIS } from './hash-entry.ts'

export interface AuditFault {
  /** The entry at which it shows. */
  readonly seq: number
  readonly what: string
}

export interface AuditVerification {
  readonly isIntact: boolean
  /** How many entries there are. */
  readonly entries: number
  /** The first hundred. */
  readonly faults: readonly AuditFault[]
  /** To be kept elsewhere; `isIntact` with it later means that nothing before it has changed. */
  readonly checkpoint: string
  /**
   * Writers that never said that they ended: they run still, or were killed, and then their last events may be missing
   * (`AUDIT_FLUSH_MS`).
   */
  readonly openWriters: readonly string[]
}

const MOST_FAULTS = 100

@Injectable()
export class AuditVerifier {
  readonly #chain: AuditChain

  constructor(chain: AuditChain) {
    this.#chain = chain
  }

  /** The end of the chain as a text to be kept elsewhere: `<seq>:<hash>`. */
  async checkpoint(): Promise<string> {
    const { seq, hash } = await this.#chain.head()
    return `${seq}:${hash}`
  }

  /**
   * @param checkpoint - What `checkpoint()` answered at another time.
   * @throws `AUDIT_CHECKPOINT_UNREADABLE`
   */
  async verify(checkpoint?: string): Promise<AuditVerification> {
    const anchor = checkpoint === undefined ? undefined : readCheckpoint(checkpoint)
    const head = await this.#chain.head()
    const walk = new Walk(this.#chain, anchor)
    // Whatever the head says: entries behind it would be as wrong as missing ones.
    for await (const page of this.#chain.entries(Number.MAX_SAFE_INTEGER)) {
      for (const entry of page) if (Number(entry.seq) <= head.seq || !(await this.#isNew(entry))) walk.take(entry)
    }
    walk.end(head)
    return {
      isIntact: walk.faults.length === 0,
      entries: walk.entries,
      faults: walk.faults,
      checkpoint: `${head.seq}:${head.hash}`,
      openWriters: [...walk.openWriters],
    }
  }

  /** Written by others since the head was read. */
  async #isNew({ seq }: AuditEntry): Promise<boolean> {
    return Number(seq) <= (await this.#chain.head()).seq
  }
}

interface Anchor {
  readonly seq: number
  readonly hash: string
}

/** Where a verification stands. */
class Walk {
  readonly faults: AuditFault[] = []
  readonly openWriters = new Set<string>()
  entries = 0
  #seq = 0
  #hash = GENESIS
  readonly #chain: AuditChain
  readonly #anchor: Anchor | undefined

  constructor(chain: AuditChain, anchor: Anchor | undefined) {
    this.#chain = chain
    this.#anchor = anchor
  }

  take(entry: AuditEntry): void {
    const seq = Number(entry.seq)
    this.entries += 1
    if (seq > this.#seq + 1) this.#fault(this.#seq + 1, missing(this.#seq + 1, seq - 1))
    else if (!this.#chain.isLinked(this.#hash, entry))
      this.#fault(seq, 'was changed, or does not follow from the entry before')
    if (seq === this.#anchor?.seq && entry.hash !== this.#anchor.hash)
      this.#fault(seq, 'is not the entry of the checkpoint')
    if (entry.type === OPENED && entry.subject !== null) this.openWriters.add(entry.subject)
    if (entry.type === CLOSED && entry.subject !== null) this.openWriters.delete(entry.subject)
    this.#seq = seq
    // The hash as it stands: one change is one fault, not one for each entry behind it.
    this.#hash = entry.hash
  }

  end(head: Anchor): void {
    if (head.seq > this.#seq) this.#fault(this.#seq + 1, missing(this.#seq + 1, head.seq))
    else if (head.seq < this.#seq) this.#fault(head.seq + 1, 'stands behind the end of the chain')
    else if (head.hash !== this.#hash) this.#fault(head.seq, 'is not the end of the chain that was noted')
    if (this.#anchor && this.#anchor.seq > this.#seq) this.#fault(this.#anchor.seq, 'of the checkpoint is missing')
  }

  #fault(seq: number, what: string): void {
    if (this.faults.length < MOST_FAULTS) this.faults.push({ seq, what })
  }
}

function missing(first: number, last: number): string {
  return first === last ? 'is missing' : `to ${last} are missing`
}

function readCheckpoint(text: string): Anchor {
  const [, seq, hash = ''] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? []
  if (seq === undefined) throw new AuditCheckpointUnreadable(text.slice(0, 100))
  return { seq: Number(seq), hash }
}
