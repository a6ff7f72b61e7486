import fc from 'fast-check'

import { ConversionFailure, convertText } from '../../../src/validation/convert-text.ts'

describe('convertText', () => {
  it.each([
    ['1', Number, 1],
    ['-2.5', Number, -2.5],
    ['1e3', Number, 1000],
    ['007', Number, 7],
    ['9007199254740991', Number, 9007199254740991],
    ['true', Boolean, true],
    ['1', Boolean, true],
    ['false', Boolean, false],
    ['0', Boolean, false],
    ['12345678901234567890', BigInt, 12345678901234567890n],
    ['2024-02-29', Date, new Date('2024-02-29')],
    ['2024-02-29T10:20:30.5+02:00', Date, new Date('2024-02-29T08:20:30.500Z')],
    [' as it is ', String, ' as it is '],
    ['anything', Object, 'anything'],
    ['anything', undefined, 'anything'],
  ])('reads %j', (text, type, expected) => {
    expect(convertText(text, type)).toEqual(expected)
  })

  it.each([
    ['', Number, "id must be a number, got ''"],
    [' ', Number, "id must be a number, got ' '"],
    ['0x10', Number, "id must be a number, got '0x10'"],
    ['Infinity', Number, "id must be a number, got 'Infinity'"],
    ['1e400', Number, "id must be a number, got '1e400'"],
    ['1 ', Number, "id must be a number, got '1 '"],
    ['9007199254740993', Number, "id must be a number within ±9007199254740991, got '9007199254740993'"],
    ['yes', Boolean, "id must be true or false, got 'yes'"],
    ['', Boolean, "id must be true or false, got ''"],
    ['2023-02-29', Date, "id must be an ISO 8601 date, got '2023-02-29'"],
    ['2024-13-01', Date, "id must be an ISO 8601 date, got '2024-13-01'"],
    ['2024-01-01T25:00:00Z', Date, "id must be an ISO 8601 date, got '2024-01-01T25:00:00Z'"],
    ['tomorrow', Date, "id must be an ISO 8601 date, got 'tomorrow'"],
    ['1.5', BigInt, "id must be a whole number, got '1.5'"],
    ['', BigInt, "id must be a whole number, got ''"],
  ])('refuses %j and says why', (text, type, detail) => {
    const result = convertText(text, type)

    expect(result).toBeInstanceOf(ConversionFailure)
    expect((result as ConversionFailure).detail('id')).toBe(detail)
  })

  it('quotes no more than 50 characters, and reads no endless integers', () => {
    const failure = convertText('9'.repeat(100_000), BigInt) as ConversionFailure

    expect(failure.detail('id')).toBe(`id must be a whole number, got '${'9'.repeat(50)}…'`)
  })

  it('reads every number and every date as they are written by JavaScript', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') }),
        (number, date) => {
          fc.pre(!Number.isInteger(number) || Number.isSafeInteger(number))
          expect(convertText(String(number), Number)).toBe(number === 0 ? Number(String(number)) : number)
          expect(convertText(date.toISOString(), Date)).toEqual(date)
        },
      ),
    )
  })

  it('reads a number only from what JavaScript reads as the same finite number', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('0', '1', '9', '.', 'e', '-', '+', ' ', 'x') }), (text) => {
        const result = convertText(text, Number)
        if (!(result instanceof ConversionFailure)) expect(result).toBe(Number(text))
      }),
    )
  })
})
