import { converterFor } from '../../../src/config/convert-text.ts'

const convert = (type: unknown, text: string): unknown => converterFor(type)!(text)

describe('converterFor', () => {
  it.each([
    [String, ' kept as it is ', ' kept as it is '],
    [Number, '3000', 3000],
    [Number, ' -1.5 ', -1.5],
    [Number, '1e3', 1000],
    [Number, '.5', 0.5],
    [Boolean, 'true', true],
    [Boolean, 'YES', true],
    [Boolean, '1', true],
    [Boolean, 'on', true],
    [Boolean, 'False', false],
    [Boolean, 'no', false],
    [Boolean, '0', false],
    [Boolean, ' off ', false],
    [Date, '2026-01-31', new Date('2026-01-31')],
    [Date, '2024-02-29T12:00:00Z', new Date('2024-02-29T12:00:00Z')],
    [Date, '2026-01-31T12:00+02:00', new Date('2026-01-31T10:00:00Z')],
    [URL, 'https://example.com/a', new URL('https://example.com/a')],
    [Array, 'a, b ,,c', ['a', 'b', 'c']],
    [Array, ',', []],
  ])('%p reads %j', (type, text, value) => {
    expect(convert(type, text)).toEqual({ value })
  })

  it.each([
    [Number, '12abc', 'is not a number'],
    [Number, '0x10', 'is not a number'],
    [Number, '1_000', 'is not a number'],
    [Number, 'Infinity', 'is not a number'],
    [Number, 'NaN', 'is not a number'],
    [Number, '1e999', 'is not a number'],
    [Boolean, 'maybe', 'is neither true nor false (also 1/0, yes/no, on/off)'],
    [Boolean, '2', 'is neither true nor false (also 1/0, yes/no, on/off)'],
    [Date, '2026-02-31', 'is not a date (write 2026-01-31 or 2026-01-31T12:00:00Z)'],
    [Date, '2026-02-31T10:00:00Z', 'is not a date (write 2026-01-31 or 2026-01-31T12:00:00Z)'],
    [Date, '2026-01-31T12:00:00', 'is not a date (write 2026-01-31 or 2026-01-31T12:00:00Z)'],
    [Date, '31.1.2026', 'is not a date (write 2026-01-31 or 2026-01-31T12:00:00Z)'],
    [Date, '12', 'is not a date (write 2026-01-31 or 2026-01-31T12:00:00Z)'],
    [URL, 'example.com', 'is not an absolute URL'],
    [URL, '/path', 'is not an absolute URL'],
  ])('%p refuses %j', (type, text, reason) => {
    expect(convert(type, text)).toEqual({ reason })
  })

  it.each([Object, Function, Map, undefined])('has nothing for %p', (type) => {
    expect(converterFor(type)).toBeUndefined()
  })
})
