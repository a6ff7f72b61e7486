/** Protocol Buffers' wire format, as far as spans need it: https://protobuf.dev/programming-guides/encoding/ */

/** Of lengths that are told afterwards: as many bytes as 256 MB need. */
const LENGTH_BYTES = 4
const LAST_ASCII = 0x7f
const DASH = 0x2d
const VALUES = new Uint8Array(128)
for (let value = 0; value < 16; value += 1) VALUES[value.toString(16).charCodeAt(0)] = value

/** Writes onto memory that must be large enough: whoever writes has asked for the room before. */
export class ByteWriter {
  length = 0
  readonly #bytes: Buffer<ArrayBuffer>
  /** The start of the second that was written last, in nanoseconds since the epoch. */
  #second = 0
  #low = 0
  #high = 0

  constructor(memory: ArrayBuffer) {
    this.#bytes = Buffer.from(memory)
  }

  get capacity(): number {
    return this.#bytes.length
  }

  get written(): Buffer<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length)
  }

  byte(value: number): void {
    this.#bytes[this.length] = value
    this.length += 1
  }

  put(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.length)
    this.length += bytes.length
  }

  varint(value: number): void {
    let rest = value
    for (; rest > 0x7f; rest >>>= 7) this.byte((rest & 0x7f) | 0x80)
    this.byte(rest)
  }

  fixed32(value: number): void {
    this.length = this.#bytes.writeUInt32LE(value, this.length)
  }

  /** @param digits - Hexadecimal, two for a byte; dashes between bytes are left out. */
  hex(digits: string): void {
    const bytes = this.#bytes
    let at = this.length
    for (let index = 0; index < digits.length; index += 2) {
      if (digits.charCodeAt(index) === DASH) index += 1
      bytes[at] = (VALUES[digits.charCodeAt(index)]! << 4) | VALUES[digits.charCodeAt(index + 1)]!
      at += 1
    }
    this.length = at
  }

  /** Answers `false` where the text is not ASCII; what was written of it then is to be written over. */
  ascii(text: string): boolean {
    const bytes = this.#bytes
    const from = this.length
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index)
      if (unit > LAST_ASCII) return false
      bytes[from + index] = unit
    }
    this.length = from + text.length
    return true
  }

  utf8(text: string): void {
    this.length += this.#bytes.write(text, this.length)
  }

  /**
   * A moment in nanoseconds, as 64 bits: more than numbers hold exactly.
   * @param ms - Milliseconds since the epoch.
   */
  nanoseconds(ms: number): void {
    const second = Math.trunc(ms / 1000)
    if (second !== this.#second) this.#goTo(second)
    const low = this.#low + Math.round((ms % 1000) * 1e6)
    const carry = low > 0xffffffff ? 1 : 0
    this.fixed32(low - carry * 2 ** 32)
    this.fixed32(this.#high + carry)
  }

  /** Leaves room for the length of what follows, and answers what `close` needs. */
  open(): number {
    this.length += LENGTH_BYTES
    return this.length
  }

  /** Zeros in front of a varint are allowed: the length needs no room of its own size. */
  close(opened: number): void {
    let rest = this.length - opened
    for (let at = opened - LENGTH_BYTES; at < opened - 1; at += 1, rest >>>= 7) this.#bytes[at] = (rest & 0x7f) | 0x80
    this.#bytes[opened - 1] = rest
  }

  #goTo(second: number): void {
    const nanoseconds = BigInt(second) * 1_000_000_000n
    this.#second = second
    this.#low = Number(nanoseconds & 0xffffffffn)
    this.#high = Number(nanoseconds >> 32n)
  }
}

/** How many bytes a varint takes. */
export function varintSize(value: number): number {
  let size = 1
  for (let rest = value; rest > 0x7f; rest >>>= 7) size += 1
  return size
}
