/** Takes a message of Protocol Buffers apart: https://protobuf.dev/programming-guides/encoding/#structure */

/** Wire types, with the bytes that follow; `LENGTH` says itself how many. */
const VARINT = 0
const FIXED_64 = 1
const LENGTH = 2

export interface MessageField {
  readonly number: number
  /** With its tag. */
  readonly whole: Uint8Array
  /** Of messages and texts: what is in it. */
  readonly content: Uint8Array
}

/** Of a message that a serializer wrote: what it must not hold is not looked for. */
export function* fieldsOf(message: Uint8Array): Iterable<MessageField> {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = message[at]!
      at += 1
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }
  while (at < message.length) {
    const from = at
    const tag = varint()
    const type = tag & 7
    const size = type === VARINT ? (varint(), 0) : type === LENGTH ? varint() : type === FIXED_64 ? 8 : 4
    const content = message.subarray(at, at + size)
    at += size
    yield { number: tag >>> 3, whole: message.subarray(from, at), content }
  }
}
