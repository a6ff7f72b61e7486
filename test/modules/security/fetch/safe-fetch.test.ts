import { gzipSync } from 'node:zlib'

import { LocalServer, openNetwork, OTHER_PUBLIC, PUBLIC, type Network } from './local-network.ts'

describe('SafeFetch', () => {
  let network: Network
  beforeAll(async () => {
    network = await openNetwork()
  })
  afterAll(() => network[Symbol.asyncDispose]())

  it('answers as fetch does', async () => {
    await using server = await LocalServer.start(PUBLIC, (request, response) => {
      response.writeHead(201, { 'content-type': 'application/json', 'x-a': ['1', '2'] })
      request.on('data', (chunk: Buffer) => response.end(JSON.stringify({ got: chunk.toString(), url: request.url })))
    })

    const response = await network.safe.fetch(`http://public.example:${server.port}/hook?x=1#y`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain', authorization: 'Bearer t' },
      body: 'héllo',
    })

    expect(response.status).toBe(201)
    expect(response.headers.get('x-a')).toBe('1, 2')
    expect(await response.json()).toEqual({ got: 'héllo', url: '/hook?x=1' })
    expect(server.seen[0]?.headers).toMatchObject({
      host: `public.example:${server.port}`,
      authorization: 'Bearer t',
      'content-length': '6',
      'accept-encoding': 'identity',
    })
  })

  it('follows redirects, and keeps to itself what another origin must not know', async () => {
    await using target = await LocalServer.start(OTHER_PUBLIC, (_request, response) => response.end('there'))
    await using server = await LocalServer.start(PUBLIC, (request, response) => {
      const location = request.url === '/a' ? '/b' : `http://other.example:${target.port}/c`
      response.writeHead(302, { location }).end()
    })

    const response = await network.safe.fetch(`http://public.example:${server.port}/a`, {
      headers: { authorization: 'Bearer t', cookie: 'a=1', 'x-api-key': 'k', accept: 'text/plain' },
    })

    expect(await response.text()).toBe('there')
    expect(server.seen.map(({ headers }) => headers['x-api-key'])).toEqual(['k', 'k'])
    expect(Object.keys(target.seen[0]!.headers).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ])
  })

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [307, 'POST', 'POST', 'x'],
    [308, 'PUT', 'PUT', 'x'],
  ] as const)('a %i turns %s into %s', async (status, method, expected, body) => {
    await using server = await LocalServer.start(PUBLIC, (request, response) => {
      if (request.url === '/a') return response.writeHead(status, { location: '/b' }).end()
      let text = ''
      request.on('data', (chunk: Buffer) => (text += chunk.toString()))
      return request.on('end', () => response.end(`${request.method} ${text}`))
    })

    const response = await network.safe.fetch(`http://public.example:${server.port}/a`, { method, body: 'x' })

    expect(await response.text()).toBe(`${expected} ${body}`)
  })

  it('answers a redirect as it is where none is wanted', async () => {
    await using server = await LocalServer.start(PUBLIC, (_request, response) =>
      response.writeHead(302, { location: '/b' }).end(),
    )

    const { status } = await network.safe.fetch(`http://public.example:${server.port}/`, { maxRedirects: 0 })

    expect(status).toBe(302)
  })

  it('calls what is allowed by name though it is not public', async () => {
    await using server = await LocalServer.start('127.0.0.1', (_request, response) => response.end('vault'))
    await using inside = await openNetwork({ SAFE_FETCH_ALLOW: 'vault.internal' })
    inside.names.names.set('vault.internal', ['127.0.0.1'])

    const response = await inside.safe.fetch(`http://vault.internal:${server.port}/`)

    expect(await response.text()).toBe('vault')
    await expect(inside.safe.fetch(`http://127.0.0.1:${server.port}/`)).rejects.toMatchObject({
      code: 'SECURITY_FETCH_REFUSED',
    })
  })

  it('has no body where there is none, and leaves encodings alone', async () => {
    await using server = await LocalServer.start(PUBLIC, (request, response) => {
      if (request.url === '/none') return response.writeHead(204).end()
      return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a'.repeat(10_000)))
    })

    const none = await network.safe.fetch(`http://public.example:${server.port}/none`)
    const zipped = await network.safe.fetch(`http://public.example:${server.port}/zipped`, { maxBytes: 200 })

    expect([none.status, none.body]).toEqual([204, null])
    expect((await zipped.arrayBuffer()).byteLength).toBeLessThan(200)
  })

  it('says what keeps it from an answer', async () => {
    await using server = await LocalServer.start(PUBLIC, (_request, response) => response.destroy())

    await expect(network.safe.fetch('http://nowhere.example/')).rejects.toMatchObject({
      code: 'SECURITY_FETCH_FAILED',
      message: 'http://nowhere.example could not be fetched: its name is not known.',
    })
    await expect(network.safe.fetch(`http://public.example:${server.port}/`)).rejects.toMatchObject({
      code: 'SECURITY_FETCH_FAILED',
      status: 502,
    })
  })

  it('ends when the caller says so', async () => {
    await using server = await LocalServer.start(PUBLIC, () => {})
    const caller = new AbortController()
    const fetching = network.safe.fetch(`http://public.example:${server.port}/`, { signal: caller.signal })

    caller.abort(new Error('enough'))

    await expect(fetching).rejects.toThrow('enough')
  })
})
