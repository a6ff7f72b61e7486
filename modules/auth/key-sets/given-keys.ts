/** Keys that were made elsewhere: a shared secret, or a key set in a variable or a file. */
import { createSecretKey, type JsonWebKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'

import type { KeySetsConfig } from './key-sets-config.ts'
import { SharedSecretMissing, SigningKeysUnreadable } from './key-sets-errors.ts'
import { readKey } from './make-key.ts'
import { SIGNING_ALGORITHMS, type SigningAlgorithm, type SigningKey } from './signing-key.ts'

/**
 * The key that signs is the first one. `undefined` when the settings give none.
 * @throws `AUTH_SHARED_SECRET_MISSING`, `AUTH_SIGNING_KEYS_UNREADABLE`
 */
export async function readGivenKeys(config: KeySetsConfig): Promise<readonly SigningKey[] | undefined> {
  const { algorithm, sharedSecret, signingKeys, signingKeysFile } = config
  if (algorithm === 'HS256') {
    if (sharedSecret === undefined) throw new SharedSecretMissing()
    return [sharedKey(sharedSecret)]
  }
  if (signingKeys !== undefined) return readSet(signingKeys, algorithm, 'AUTH_SIGNING_KEYS')
  if (signingKeysFile === undefined) return undefined
  try {
    return await readSet(await readFile(signingKeysFile, 'utf8'), algorithm, signingKeysFile)
  } catch (error) {
    if (error instanceof SigningKeysUnreadable) throw error
    throw new SigningKeysUnreadable(signingKeysFile, (error as NodeJS.ErrnoException).code ?? 'no file').causedBy(error)
  }
}

function sharedKey(secret: string): SigningKey {
  const key = createSecretKey(secret, 'utf8')
  return { id: 'shared', algorithm: 'HS256', privateKey: key, publicKey: key, publicJwk: undefined, ...ALWAYS }
}

/** The error says nothing of the text: it holds private keys. */
async function readSet(text: string, byDefault: SigningAlgorithm, where: string): Promise<readonly SigningKey[]> {
  const keys = await Promise.all(
    parseSet(text, where).map(async (jwk, index) => {
      const algorithm = (jwk['alg'] ?? byDefault) as SigningAlgorithm
      if (!SIGNING_ALGORITHMS.includes(algorithm))
        throw new SigningKeysUnreadable(where, `key ${index + 1} has an unknown alg`)
      try {
        return { ...(await readKey(jwk, algorithm)), ...ALWAYS }
      } catch {
        throw new SigningKeysUnreadable(where, `key ${index + 1} is no private key for ${algorithm}`)
      }
    }),
  )
  if (keys.length === 0) throw new SigningKeysUnreadable(where, 'there is none')
  return keys
}

function parseSet(text: string, where: string): readonly JsonWebKey[] {
  try {
    const { keys } = JSON.parse(text) as { readonly keys?: readonly JsonWebKey[] }
    if (Array.isArray(keys)) return keys
  } catch {
    throw new SigningKeysUnreadable(where, 'it is not JSON')
  }
  throw new SigningKeysUnreadable(where, 'it has no keys')
}

const ALWAYS = { signsFrom: 0, verifiesUntil: Number.MAX_SAFE_INTEGER }
