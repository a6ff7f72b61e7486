/** Passwords are kept as argon2id hashes in the PHC string format, each with its own salt and parameters. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

import { Service } from 'tenon'

export const SHORTEST_PASSWORD = 12
/** Longer ones would only cost time. */
export const LONGEST_PASSWORD = 128

/** OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane. */
const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const HASH_BYTES = 32
const SALT_BYTES = 16

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/

const derive = promisify(argon2)

@Service()
export class Passwords {
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES)
    const hash = await derive('argon2id', parametersOf(password, salt))
    return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${unpadded(salt)}$${unpadded(hash)}`
  }

  /**
   * Whether `password` is the one that was hashed.
   * @param stored - `undefined` where there is no account: the work is done all the same, so that the time it takes does
   * not tell who has one.
   */
  async verify(password: string, stored: string | undefined): Promise<boolean> {
    const [, memory, passes, parallelism, salt, hash] = PHC.exec(stored ?? '') ?? []
    if (salt === undefined || hash === undefined) {
      await derive('argon2id', parametersOf(password, randomBytes(SALT_BYTES)))
      return false
    }
    const expected = Buffer.from(hash, 'base64')
    const actual = await derive('argon2id', {
      ...parametersOf(password, Buffer.from(salt, 'base64')),
      memory: Number(memory),
      passes: Number(passes),
      parallelism: Number(parallelism),
      tagLength: expected.length,
    })
    return timingSafeEqual(actual, expected)
  }
}

function parametersOf(password: string, nonce: Buffer) {
  const message = password.normalize('NFKC')
  return { message, nonce, memory: MEMORY_KIB, passes: PASSES, parallelism: LANES, tagLength: HASH_BYTES }
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
