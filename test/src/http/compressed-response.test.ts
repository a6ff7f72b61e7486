import { createRequire } from 'node:module'
import { Readable } from 'node:stream'

import { Get, SetHeader, Sse } from '../../../decorators/index.ts'
import type { HttpContext } from '../../../src/http/http-context.ts'
import { serve } from './serve-controller.ts'

type Middleware = (request: unknown, response: unknown, next: () => void) => void

const compression = createRequire(import.meta.url)('compression') as () => Middleware
const text = 'compressible '.repeat(20_000)

class Large {
  @Get('/json') @SetHeader('X-Kind', 'json') json() {
    return { text }
  }

  @Get('/stream') @SetHeader('Content-Type', 'text/plain') stream() {
    return Readable.from([Buffer.from(text), Buffer.from('end')])
  }

  @Sse('/events') async *events() {
    yield text
  }
}

const compressed = ({ request, response }: HttpContext): Promise<void> =>
  new Promise((resolve) => compression()(request, response, resolve))

describe('Answers behind middleware that rewrites responses', () => {
  it.each([
    ['/json', 'gzip', JSON.stringify({ text })],
    ['/stream', 'gzip', `${text}end`],
    ['/events', null, `data: ${text}\n\n`],
  ])('%s arrives whole, with Content-Encoding %s', async (path, encoding, body) => {
    await using server = await serve(Large, { before: compressed })

    const response = await server.fetch(path, { headers: { 'accept-encoding': 'gzip' } })

    expect(response.headers.get('content-encoding')).toBe(encoding)
    expect(response.headers.get('x-kind')).toBe(path === '/json' ? 'json' : null)
    expect(await response.text()).toBe(body)
    expect(server.errors).toEqual([])
  })
})
