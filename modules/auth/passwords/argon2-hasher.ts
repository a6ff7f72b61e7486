/** Passwords as argon2id hashes in the PHC string format, each with its own salt and parameters. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'

import { Injectable } from 'tenon/decorators'

import { PasswordHasher } from './password-hasher.ts'
import { PasswordsConfig } from './passwords-config.ts'
import { WorkQueue } from './work-queue.ts'

const HASH_BYTES = 32
const SALT_BYTES = 16

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/

const run = promisify(argon2)

/** What one run of argon2id is asked for. */
export interface Derivation {
  readonly password: string
  readonly salt: Buffer
  readonly memoryKib: number
  readonly passes: number
  readonly lanes: number
  readonly hashBytes: number
}

@Injectable()
export class Argon2Hasher extends PasswordHasher {
  readonly #config: PasswordsConfig
  readonly #queue: WorkQueue

  constructor(config: PasswordsConfig) {
    super()
    this.#config = config
    this.#queue = new WorkQueue(availableParallelism(), config.maxWaiting)
  }

  /** @throws `AUTH_PASSWORDS_BUSY` */
  async hash(password: string): Promise<string> {
    const { memoryKib, passes, lanes } = this.#config
    const salt = randomBytes(SALT_BYTES)
    const hash = await this.#derive({ ...this.#cost, password, salt })
    return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(hash)}`
  }

  /** @throws `AUTH_PASSWORDS_BUSY` */
  async verify(password: string, stored: string | undefined): Promise<boolean> {
    const [, memory, passes, lanes, salt, hash] = PHC.exec(stored ?? '') ?? []
    if (salt === undefined || hash === undefined) {
      await this.#derive({ ...this.#cost, password, salt: randomBytes(SALT_BYTES) })
      return false
    }
    const expected = Buffer.from(hash, 'base64')
    const actual = await this.#derive({
      password,
      salt: Buffer.from(salt, 'base64'),
      memoryKib: Number(memory),
      passes: Number(passes),
      lanes: Number(lanes),
      hashBytes: expected.length,
    })
    return timingSafeEqual(actual, expected)
  }

  isOutdated(stored: string): boolean {
    const [, memory, passes, lanes] = PHC.exec(stored) ?? []
    const cost = this.#config
    return Number(memory) !== cost.memoryKib || Number(passes) !== cost.passes || Number(lanes) !== cost.lanes
  }

  /** One run. Unicode has several ways to write one character; NFKC makes them one, whatever keyboard is used. */
  protected derive({ password, salt, memoryKib, passes, lanes, hashBytes }: Derivation): Promise<Buffer> {
    return run('argon2id', {
      message: password.normalize('NFKC'),
      nonce: salt,
      memory: memoryKib,
      passes,
      parallelism: lanes,
      tagLength: hashBytes,
    })
  }

  get #cost(): Pick<Derivation, 'memoryKib' | 'passes' | 'lanes' | 'hashBytes'> {
    const { memoryKib, passes, lanes } = this.#config
    return { memoryKib, passes, lanes, hashBytes: HASH_BYTES }
  }

  #derive(derivation: Derivation): Promise<Buffer> {
    return this.#queue.run(() => this.derive(derivation))
  }
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
