/** Ten codes for the day on which the telephone is gone: shown once, kept as hashes, each good for one time. */
import { hash, randomBytes } from 'node:crypto'

import { Clock } from 'tenon'
import { BaseRepository, Repository, UnitOfWork } from 'tenon/data'
import { Injectable } from 'tenon/decorators'

import { RecoveryCode } from './recovery-code-row.ts'

const COUNT = 10
/** 80 bits: nobody guesses them, so a fast hash is enough. */
const BYTES = 10
/** Crockford's: no letter looks like a digit. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

@Repository(RecoveryCode)
export class RecoveryCodeRows extends BaseRepository<RecoveryCode> {}

@Injectable()
export class RecoveryCodes {
  readonly #rows: RecoveryCodeRows
  readonly #unitOfWork: UnitOfWork
  readonly #clock: Clock

  constructor(rows: RecoveryCodeRows, unitOfWork: UnitOfWork, clock: Clock) {
    this.#rows = rows
    this.#unitOfWork = unitOfWork
    this.#clock = clock
  }

  /** New codes; the old ones count no more. */
  async issue(accountId: string): Promise<readonly string[]> {
    const codes = Array.from({ length: COUNT }, makeCode)
    const createdAt = this.#clock.epochMs()
    await this.#unitOfWork.transaction(async () => {
      await this.#rows.delete({ accountId })
      await this.#rows.insertMany(codes.map((code) => ({ id: idOf(accountId, code), accountId, createdAt })))
    })
    return codes
  }

  /** Uses a code up: of several calls with it, one gets through. */
  async use(accountId: string, code: string): Promise<boolean> {
    return (await this.#rows.delete({ id: idOf(accountId, code), accountId })) === 1
  }

  count(accountId: string): Promise<number> {
    return this.#rows.countBy({ accountId })
  }

  async removeAll(accountId: string): Promise<void> {
    await this.#rows.delete({ accountId })
  }
}

/** `7K2M-9QXA-…`: four groups of four. */
function makeCode(): string {
  let bits = BigInt(`0x${randomBytes(BYTES).toString('hex')}`)
  const digits = Array.from({ length: (BYTES * 8) / 5 }, () => {
    const digit = DIGITS[Number(bits & 31n)]!
    bits >>= 5n
    return digit
  })
  return digits.join('').replace(/.{4}(?=.)/g, '$&-')
}

function idOf(accountId: string, code: string): string {
  return hash('sha256', `${accountId}:${normalized(code)}`)
}

/** As people write them: small letters, blanks, O for 0, I or L for 1. */
function normalized(code: string): string {
  return code.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
}
