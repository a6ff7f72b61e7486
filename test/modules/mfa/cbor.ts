/** As much of CBOR (RFC 8949) as authenticators write: whole numbers, bytes, texts and maps. */
export type Cbor = number | string | Buffer | ReadonlyMap<number | string, Cbor>

export function encodeCbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  return Buffer.concat([
    head(5, value.size),
    ...[...value].flatMap(([key, each]) => [encodeCbor(key), encodeCbor(each)]),
  ])
}

function head(major: number, amount: number): Buffer {
  const kind = major << 5
  if (amount < 24) return Buffer.from([kind | amount])
  if (amount < 0x100) return Buffer.from([kind | 24, amount])
  return Buffer.from([kind | 25, amount >> 8, amount & 0xff])
}
