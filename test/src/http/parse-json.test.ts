import fc from 'fast-check'
import secureJson from 'secure-json-parse'

import { findDuplicateKey } from '../../../src/http/find-duplicate-key.ts'
import { describePosition, findJsonError } from '../../../src/http/find-json-error.ts'
import { parseJson } from '../../../src/http/parse-json.ts'

const refusalOf = (text: string, maxDepth = 64): { code: string; message: string } => {
  try {
    parseJson(text, maxDepth)
  } catch (error) {
    return error as { code: string; message: string } & Error
  }
  throw new Error(`Expected a refusal of ${text.slice(0, 40)}`)
}

describe('parseJson', () => {
  it.each([
    ['{"a":1,"b":[true,null,"x"]}', { a: 1, b: [true, null, 'x'] }],
    ['null', null],
    [' "text" ', 'text'],
    ['{"a":{"x":1},"b":{"x":2},"x":[{"x":3},{"x":4}]}', { a: { x: 1 }, b: { x: 2 }, x: [{ x: 3 }, { x: 4 }] }],
    [String.raw`{"a\"":1,"a\\":2,"a":3}`, { 'a"': 1, 'a\\': 2, a: 3 }],
    ['{"constructor":"Ferrari","prototype":1}', { constructor: 'Ferrari', prototype: 1 }],
  ])('reads %s', (text, expected) => {
    expect(parseJson(text, 64)).toEqual(expected)
  })

  it.each([
    ['{"a":1,"a":2}', 'line 1, column 8'],
    ['{"a":1,"b":{"c":[],"d":1},"a":2}', 'line 1, column 27'],
    ['[{"x":1},\n {"a" : 1, "a" : 1}]', 'line 2, column 12'],
    [String.raw`{"a":1,"\u0061":2}`, 'line 1, column 8'],
    ['{"a":{},"a":[]}', 'line 1, column 9'],
  ])('refuses a key twice in %s', (text, position) => {
    const refusal = refusalOf(text)

    expect(refusal.code).toBe('REQUEST_BODY_KEY_DUPLICATE')
    expect(refusal.message).toContain(`at ${position}`)
  })

  it.each([2, 16, 17, 18, 60])('finds a key twice among %i', (count) => {
    const members = Array.from({ length: count }, (_, index) => `"k${index}":${index}`)

    expect(parseJson(`{${members.join(',')}}`, 64)).toMatchObject({ k0: 0 })
    expect(refusalOf(`{${members.join(',')},"k${count - 1}":0}`).code).toBe('REQUEST_BODY_KEY_DUPLICATE')
    expect(refusalOf(`{${members.join(',')},"k0":0}`).code).toBe('REQUEST_BODY_KEY_DUPLICATE')
  })

  it('quotes no more than 20 characters of a key', () => {
    const { message } = refusalOf(`{"${'s'.repeat(100)}":1,"${'s'.repeat(100)}":2}`)

    expect(message).not.toContain('s'.repeat(20))
  })

  it.each([
    '{"__proto__":{"admin":true}}',
    String.raw`{"a":[{"\u005f_proto__":1}]}`,
    '{"constructor":{"prototype":{"admin":true}}}',
  ])('refuses the poisoned keys of %s', (text) => {
    expect(refusalOf(text).code).toBe('REQUEST_BODY_KEY_FORBIDDEN')
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  it('counts nesting without recursion', () => {
    expect(parseJson('[[[]]]', 3)).toEqual([[[]]])
    expect(refusalOf('[[[{}]]]', 3).code).toBe('REQUEST_BODY_TOO_DEEP')
    expect(refusalOf('['.repeat(200_000) + ']'.repeat(200_000)).code).toBe('REQUEST_BODY_TOO_DEEP')
  })

  it.each([
    ['{"a": tru}', 't', 'line 1, column 7'],
    ['{"a":1,}', '}', 'line 1, column 8'],
    ['[1,]', ']', 'line 1, column 4'],
    ['{"a" 1}', '1', 'line 1, column 6'],
    ['{a:1}', 'a', 'line 1, column 2'],
    ['{"a":1}x', 'x', 'line 1, column 8'],
    ['[01]', '0', 'line 1, column 2'],
    ['{\n  "a": "b\nc"\n}', '\\n', 'line 2, column 10'],
    [String.raw`["\x"]`, '\\\\', 'line 1, column 3'],
    ["{'a':1}", "'", 'line 1, column 2'],
    ['[1 2]', '2', 'line 1, column 4'],
    ['[1}', '}', 'line 1, column 3'],
    ['{"a":]', ']', 'line 1, column 6'],
    ['NaN', 'N', 'line 1, column 1'],
  ])('says where %s is wrong', (text, unexpected, position) => {
    const refusal = refusalOf(text)

    expect(refusal.code).toBe('REQUEST_BODY_MALFORMED')
    expect(refusal.message).toBe(`The body cannot be read: the JSON has an unexpected "${unexpected}" at ${position}.`)
  })

  it.each(['{', '{"a"', '{"a":', '[1,', '"abc', ' '])('says that %j ends too early', (text) => {
    expect(refusalOf(text).message).toContain('ends too early')
  })

  it('quotes one character of a malformed body and nothing else', () => {
    const { message } = refusalOf('{"password": "hunter2" "x"}')

    expect(message).not.toContain('hunter2')
  })

  it('takes all JSON that there is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.integer({ min: 0, max: 2 }), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent)
        // `fc` makes poisoned keys too.
        fc.pre(!/__proto__|constructor/.test(text))
        expect(findDuplicateKey(text, 100)).toBeUndefined()
        expect(findJsonError(text)).toBe(text.length)
        expect(parseJson(text, 100)).toEqual(JSON.parse(text))
      }),
      { numRuns: 200 },
    )
  })

  it('finds any key that is written twice', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (object) => {
        const [key] = Object.keys(object)
        const text = `${JSON.stringify(object).slice(0, -1)},${JSON.stringify(key)}:1}`

        expect(findDuplicateKey(text, 1000)).toMatchObject({ kind: 'duplicate', key })
      }),
      { numRuns: 200 },
    )
  })

  it('finds an error exactly where JSON.parse finds one', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 3 }),
        fc.nat(),
        fc.constantFrom(',', '}', ']', '"', ':', 'x', '1', '\\', '\n'),
        (value, seed, wrong) => {
          const text = JSON.stringify(value)
          const at = seed % (text.length + 1)
          const broken = text.slice(0, at) + wrong + text.slice(at)
          let isValid = true
          try {
            JSON.parse(broken)
          } catch {
            isValid = false
          }
          fc.pre(!isValid)
          const index = findJsonError(broken)
          expect(index).toBeGreaterThanOrEqual(0)
          expect(index).toBeLessThanOrEqual(broken.length)
          // What comes before can still become JSON: only its end is wrong.
          expect(findJsonError(broken.slice(0, index))).toBe(index)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('counts lines and columns from one', () => {
    expect(describePosition('a\nbc', 3)).toBe('line 2, column 2')
  })
})

describe('the glance that most bodies need', () => {
  const space = fc.constantFrom('', ' ', '\n\t')
  const text = fc
    .array(
      fc.constantFrom('a', 'b', ':', '\\":', '": "', '\\\\', '\\u0061', ' ', 'é', '__proto__', 'constructor', ','),
      {
        maxLength: 4,
      },
    )
    // What ends a string early is no part of one.
    .map((parts) => `"${parts.filter((part) => part !== '": "').join('')}"`)
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      text,
      fc.constantFrom('1', '-2.5e3', 'true', 'null'),
      fc
        .array(fc.tuple(space, text, space, space, tie('value')), { maxLength: 4 })
        .map((all) => `{${all.map(([a, key, b, c, inner]) => `${a}${key}${b}:${c}${inner}`).join(',')}}`),
      fc
        .array(fc.tuple(space, tie('value')), { maxLength: 3 })
        .map((all) => `[${all.map(([a, b]) => a + b).join(',')}]`),
    ),
  }))

  it('sees everything that the close look sees', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(2, 3, 64), (json, maxDepth) => {
        const flaw = json.startsWith('{') || json.startsWith('[') ? findDuplicateKey(json, maxDepth) : undefined
        const poisoned = secureJson.safeParse(json) === null && json !== 'null'
        const expected = flaw
          ? { depth: 'REQUEST_BODY_TOO_DEEP', duplicate: 'REQUEST_BODY_KEY_DUPLICATE' }[flaw.kind]
          : poisoned
            ? 'REQUEST_BODY_KEY_FORBIDDEN'
            : undefined
        let refused: string | undefined
        let parsed: unknown
        try {
          parsed = parseJson(json, maxDepth)
        } catch (error) {
          refused = (error as { code: string }).code
        }

        expect(refused).toBe(expected)
        if (expected === undefined) expect(parsed).toEqual(JSON.parse(json))
      }),
      { numRuns: 2000 },
    )
  })
})
