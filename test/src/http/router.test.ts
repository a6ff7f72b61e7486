import { MALFORMED_PATH, Router, type RouteToAdd } from '../../../src/http/router.ts'

const ROUTES: readonly RouteToAdd<string>[] = [
  { method: 'GET', path: '/', target: 'root' },
  { method: 'GET', path: '/tickets', target: 'list' },
  { method: 'POST', path: '/tickets', target: 'create' },
  { method: 'GET', path: '/tickets/:id', target: 'show' },
  { method: 'HEAD', path: '/tickets/:key', target: 'head' },
  { method: 'GET', path: '/tickets/open', target: 'open' },
  { method: 'GET', path: '/tickets/:id/comments/:comment', target: 'comment' },
  { method: 'GET', path: '/files/*', target: 'files' },
  { method: 'ALL', path: '/any/:thing', target: 'any' },
  { method: 'DELETE', path: '/any/:name', target: 'any-delete' },
  { method: 'GET', path: '/reports/:name.:kind', target: 'report' },
]

const found = (method: string, url: string) => {
  const match = new Router(ROUTES, 8192).find(method, url)
  return typeof match === 'object' ? [match.target, { ...match.params }] : match
}

describe('Router', () => {
  it.each([
    ['GET', '/', ['root', {}]],
    ['GET', '/tickets', ['list', {}]],
    ['GET', '/tickets/', ['list', {}]],
    ['GET', '/tickets?state=open', ['list', {}]],
    ['POST', '/tickets', ['create', {}]],
    ['GET', '/tickets/42', ['show', { id: '42' }]],
    ['GET', '/tickets/42/', ['show', { id: '42' }]],
    ['GET', '/tickets/a%2Fb%20%C3%A9', ['show', { id: 'a/b é' }]],
    ['GET', '/tickets/open', ['open', {}]],
    ['GET', '/tickets/open?x=1', ['open', {}]],
    ['GET', '/tickets/1/comments/2', ['comment', { id: '1', comment: '2' }]],
    ['GET', '/files/a/b.txt', ['files', { '*': 'a/b.txt' }]],
    ['GET', '/reports/2026.pdf', ['report', { name: '2026', kind: 'pdf' }]],
    ['HEAD', '/tickets', ['list', {}]],
    ['HEAD', '/tickets/42', ['head', { key: '42' }]],
    ['HEAD', '/tickets/open', ['open', {}]],
    ['PUT', '/any/x', ['any', { thing: 'x' }]],
    ['PROPFIND', '/any/x', ['any', { thing: 'x' }]],
    ['DELETE', '/any/x', ['any-delete', { name: 'x' }]],
    ['GET', 'http://example.org/tickets/7', ['show', { id: '7' }]],
    ['GET', `/tickets/${'x'.repeat(500)}`, ['show', { id: 'x'.repeat(500) }]],
    ['GET', '/Tickets', undefined],
    ['GET', '//tickets', undefined],
    ['GET', '/nothing', undefined],
    ['PATCH', '/tickets', undefined],
    ['GET', '/tickets/%', MALFORMED_PATH],
    ['GET', '/tickets/%ff', MALFORMED_PATH],
    ['GET', '/tickets/%E0%A4%A', MALFORMED_PATH],
  ])('answers %s %s', (method, url, expected) => {
    expect(found(method, url)).toEqual(expected)
  })

  it('lists the methods of a path, OPTIONS included', () => {
    const router = new Router(ROUTES, 8192)

    expect(router.allowedMethods('/tickets')).toEqual(['GET', 'HEAD', 'POST', 'OPTIONS'])
    expect(router.allowedMethods('/nothing')).toEqual([])
    expect(router.allowedMethods('*')).toContain('DELETE')
  })

  it('shares no parameters between paths', () => {
    const router = new Router(ROUTES, 8192)
    const first = router.find('GET', '/tickets/1')
    const second = router.find('GET', '/tickets/2')

    expect(first).toMatchObject({ params: { id: '1' } })
    expect(second).toMatchObject({ params: { id: '2' } })
  })
})
