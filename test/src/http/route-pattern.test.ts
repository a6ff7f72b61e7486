import FindMyWay from 'find-my-way'
import * as fc from 'fast-check'

import { parametersOf, pathProblem, shapeOf } from '../../../src/http/route-pattern.ts'

describe('pathProblem', () => {
  it.each(['/', '', '/:id', ':id', '/a/:b/c', '/:from-:to', '/:file.json', '/files/*', '/a::b', '/@:user', '/café'])(
    'accepts %j',
    (path) => {
      expect(pathProblem(path)).toBeUndefined()
    },
  )

  it.each([
    ['/:id?', '`?`'],
    ['/a#b', '`#`'],
    ['/a b', 'white space'],
    ['/a\n', 'white space'],
    ['/a%20b', 'percent'],
    ['/:id(\\d+)', 'pattern'],
    ['/a+', 'pattern'],
    ['/*/a', '`*`'],
    ['//a', 'empty segment'],
    ['/a/../b', '`..`'],
    ['/:', 'no name'],
    ['/:1st', 'no name'],
    ['/:a/:a', 'twice'],
  ])('refuses %j and says why', (path, reason) => {
    expect(pathProblem(path)).toContain(reason)
  })

  it('accepts nothing that the router refuses', () => {
    const segment = fc.stringMatching(/^[a-z:*?().%#+@-]{1,6}$/)
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 3 }), (segments) => {
        const path = `/${segments.join('/')}`
        fc.pre(pathProblem(path) === undefined)
        expect(() => FindMyWay().on('GET', path, () => {})).not.toThrow()
      }),
      { seed: 7, numRuns: 2000 },
    )
  })
})

describe('parametersOf', () => {
  it('lists names in order, and * for the rest', () => {
    expect(parametersOf('/:from-:to/x::y/:file.json/*')).toEqual(['from', 'to', 'file', '*'])
  })
})

describe('shapeOf', () => {
  it('is equal exactly where the router takes two paths for one', () => {
    const paths = ['/:a', '/:b', '/:a/', '/a', '/:a-:b', '/:c-:d', '/:a.json', '/:a.xml', '/x::a', '/x::b', '/*']
    for (const one of paths) {
      for (const other of paths) {
        const router = FindMyWay({ ignoreTrailingSlash: true })
        router.on('GET', one, () => {})
        let isTaken = false
        try {
          router.on('GET', other, () => {})
        } catch {
          isTaken = true
        }
        expect([one, other, shapeOf(one) === shapeOf(other)]).toEqual([one, other, isTaken])
      }
    }
  })
})
