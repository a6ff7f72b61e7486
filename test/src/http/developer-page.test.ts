import { createHash, randomUUID } from 'node:crypto'

import { defineError } from '../../../src/errors/define-error.ts'
import { NotFoundException } from '../../../src/errors/http-exceptions.ts'
import { Problem } from '../../../src/errors/problem.ts'
import { serve, type SampleRoute, type ServeOptions } from './serve.ts'

const ToolMissing = defineError({
  code: 'TEST_TOOL_MISSING',
  status: 500,
  message: (tool: string) => `The tool ${tool} is not there.`,
  help: 'Fetch it from the shed.',
})

const ROUTES: readonly SampleRoute[] = [
  { path: '/broken/:id', handle: () => findTool() },
  { path: '/markup', handle: () => Promise.reject(new Error('<script>alert(1)</script>')) },
  { path: '/nothing', handle: () => Promise.reject('a string') },
  {
    path: '/invalid',
    handle: () => {
      throw new Problem({ status: 422, errors: [{ pointer: '/name', code: 'isString', detail: 'must be a string' }] })
    },
  },
]

function findTool(): never {
  throw new ToolMissing('hammer').causedBy(new RangeError('the shelf is empty'))
}

const COOKIE = randomUUID()
const DEVELOPMENT: ServeOptions = { exposeInternals: true }
const BROWSER = {
  headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', cookie: `sid=${COOKIE}`, 'x-plain': 'shown' },
}

describe('the developer page', () => {
  it('shows a browser the error, the source around it, the cause, the help and the request', async () => {
    await using served = await serve(ROUTES, DEVELOPMENT)

    const response = await served.request('/broken/7?q=1', BROWSER)
    const page = await response.text()

    expect(response.status).toBe(500)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page).toContain('The tool hammer is not there.')
    expect(page).toContain('Fetch it from the shed.')
    expect(page).toMatch(/test\/src\/http\/developer-page\.test\.ts:\d+:\d+/)
    expect(page).toMatch(/class="line hit"><i>\s*\d+<\/i> +throw new ToolMissing\(&#39;hammer&#39;\)/)
    expect(page).toContain('findTool')
    expect(page).toContain('Caused by RangeError: the shelf is empty')
    expect(page).toContain('GET /broken/:id')
    expect(page).toContain('TEST_TOOL_MISSING')
  })

  it('hides secrets of the request', async () => {
    await using served = await serve(ROUTES, DEVELOPMENT)

    const page = await (await served.request('/broken/7', BROWSER)).text()

    expect(page).toContain('shown')
    expect(page).not.toContain(COOKIE)
  })

  it('runs nothing and loads nothing: escaped, no scripts, a policy that allows its own style alone', async () => {
    await using served = await serve(ROUTES, DEVELOPMENT)

    const response = await served.request('/markup', BROWSER)
    const page = await response.text()
    const style = /<style>([^]*)<\/style>/.exec(page)![1]!

    expect(page).not.toContain('<script')
    expect(page).toContain('&lt;script&gt;')
    expect(page).not.toMatch(/(?:src|href|url)\s*[=(]/)
    expect(response.headers.get('content-security-policy')).toContain(
      `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    )
  })

  it('takes values that are no errors, and problems with a list', async () => {
    await using served = await serve(ROUTES, DEVELOPMENT)

    expect(await (await served.request('/nothing', BROWSER)).text()).toContain('a string')
    expect(await (await served.request('/invalid', BROWSER)).text()).toContain('must be a string')
  })

  it('lists the routes where none answers', async () => {
    await using served = await serve(ROUTES, DEVELOPMENT)
    await using empty = await serve([], DEVELOPMENT)

    const response = await served.request('/unknown', BROWSER)
    const page = await response.text()

    expect(response.status).toBe(404)
    expect(page).toContain('Nothing answers GET /unknown.')
    expect(page).toContain('<b>GET</b> /broken/:id')
    expect(page).not.toContain('Where it was thrown')
    expect(await (await empty.request('/', BROWSER)).text()).toContain('The application has no routes')
  })

  it.each([
    ['a client that asks for JSON', DEVELOPMENT, { headers: { accept: 'application/json' } }],
    ['a client that asks for nothing', DEVELOPMENT, {}],
    ['anybody in production', { exposeInternals: false }, BROWSER],
  ])('is not for %s', async (_who, options, init) => {
    await using served = await serve(
      [{ path: '/', handle: () => Promise.reject(new NotFoundException('no')) }],
      options,
    )

    const response = await served.request('/', init)

    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ detail: 'no' })
  })
})
