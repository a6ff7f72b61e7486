import fc from 'fast-check'
import FindMyWay from 'find-my-way'

import { PatternRoutes } from '../../../src/http/pattern-routes.ts'
import { pathProblem, shapeOf } from '../../../src/http/route-pattern.ts'

const RUNS = process.env['FULL'] === '1' ? 50_000 : 1500
const LONGEST = 12

const piece = fc.constantFrom(
  'a',
  'ab',
  'b',
  ':x',
  ':y',
  ':x-:y',
  ':x.:y',
  'a-:x',
  ':x.json',
  'v:x',
  '::',
  'a::b',
  'long-enough-text-for-a-prefix',
)
const route = fc
  .tuple(fc.array(piece, { maxLength: 4 }), fc.constantFrom('', '/*', '/a*', '/'))
  .map(([pieces, end]) => `/${pieces.join('/')}${end}`.replaceAll(/\/{2,}/g, '/'))
  .filter((path) => pathProblem(path) === undefined)
const routes = fc.uniqueArray(route, { selector: (path) => shapeOf(path), minLength: 1, maxLength: 8 })

const text = fc.constantFrom(
  'a',
  'ab',
  'b',
  'x',
  'a-b',
  'a.b',
  'x-y-z',
  'x.y.json',
  'v1',
  ':',
  'a:b',
  '%20',
  '%2F',
  '%25',
  '%252F',
  '%3a',
  'é',
  '%C3%A9',
  '%',
  '%zz',
  '%ff',
  '',
  'long-enough-text-for-a-prefix',
  'thirteen-long',
  '.json',
  '-',
  '+',
  '%2B',
  '~',
  'A',
)
const url = fc
  .tuple(
    fc.array(text, { maxLength: 5 }),
    fc.constantFrom('', '/', '?q=/a', '#f', '/?x', ';s=1'),
    fc.constantFrom('', 'http://host'),
  )
  // A fragment is no part of a request target, and with a host in front find-my-way calls it malformed.
  .map(([parts, end, host]) => `${end.includes('#') ? '' : host}/${parts.join('/')}${end}`)

describe('PatternRoutes', () => {
  it('finds what find-my-way finds', () => {
    fc.assert(
      fc.property(routes, fc.array(url, { minLength: 1, maxLength: 6 }), (paths, urls) => {
        const tree = FindMyWay({
          ignoreTrailingSlash: true,
          maxParamLength: LONGEST,
          onBadUrl: () => {},
          querystringParser: () => {},
        })
        const patterns = new PatternRoutes(LONGEST)
        for (const path of paths) {
          tree.on('GET', path, () => {}, path)
          patterns.add('GET', path, path)
        }
        for (const each of urls) {
          const expected = tree.find('GET', each)
          const found = patterns.find('GET', each)
          expect({ url: each, found: found && { store: found.store, params: { ...found.params } } }).toEqual({
            url: each,
            found: expected && { store: expected.store ?? null, params: { ...expected.params } },
          })
        }
      }),
      { numRuns: RUNS },
    )
  })
})
