import { parse } from 'node:querystring'

import fc from 'fast-check'

import { parseForm } from '../../../src/http/parse-form.ts'

describe('parseForm', () => {
  const piece = fc.constantFrom('a', 'b', 'page', '1', '=', '&', '%20', '%zz', '+', '.', '', 'é', '[]', ';', '-')

  it('reads what node:querystring reads', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')

        expect(parseForm(text)).toEqual(parse(text, '&', '=', { maxKeys: 0 }))
      }),
      { numRuns: 2000 },
    )
  })

  it.each(['__proto__=1', 'a=1&constructor=2', 'prototype=', 'a=1&__proto__', '%5f_proto__=1'])(
    'refuses %s',
    (text) => {
      expect(() => parseForm(text)).toThrow(expect.objectContaining({ code: 'REQUEST_BODY_KEY_FORBIDDEN' }))
    },
  )

  it.each(['a=__proto__', 'constructors=1', 'a=prototype&b=constructor'])('takes %s', (text) => {
    expect(parseForm(text)).toEqual(parse(text))
  })
})
