/** The authenticator app of somebody, and the paper with recovery codes beside it (RFC 6238: SHA-1, six digits, 30 seconds). */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const STEP_MS = 30_000

export class AuthenticatorApp {
  readonly #secret: string
  readonly #firstStep: number
  #shown = 0

  constructor(secret: string) {
    this.#secret = secret
    this.#firstStep = Math.floor(Date.now() / STEP_MS)
  }

  /** Each code counts once. The second is of the step to come, which counts already; there is no third without waiting. */
  async nextCode(): Promise<string> {
    if (this.#shown > 1) throw new Error('Both codes that count by now were used: prove it by a recovery code.')
    const counter = new DataView(new ArrayBuffer(8))
    counter.setBigUint64(0, BigInt(this.#firstStep + this.#shown))
    this.#shown += 1
    const algorithm = { name: 'HMAC', hash: 'SHA-1' }
    const key = await crypto.subtle.importKey('raw', bytesOf(this.#secret), algorithm, false, ['sign'])
    const digest = new DataView(await crypto.subtle.sign('HMAC', key, counter))
    // RFC 4226 §5.3
    const offset = digest.getUint8(digest.byteLength - 1) & 15
    return String((digest.getUint32(offset) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0')
  }
}

function bytesOf(base32: string): Uint8Array<ArrayBuffer> {
  const bits = [...base32].map((digit) => BASE32.indexOf(digit).toString(2).padStart(5, '0')).join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}
