/** Server-side request forgery: ways to make the application call what is not public, or never end. */
import { securityEvents, type SecurityEvent } from 'tenon'

import { LocalServer, INSIDE, openNetwork, OTHER_PUBLIC, PUBLIC, type Network } from '../fetch/local-network.ts'

describe('Somebody who names an address to be fetched', () => {
  let network: Network
  let inside: LocalServer
  beforeAll(async () => {
    network = await openNetwork()
    inside = await LocalServer.start(INSIDE, (_request, response) => response.end('secret'))
    const { names } = network.names
    names.set('localhost', [INSIDE, '::1'])
    names.set('inside.evil.test', [INSIDE])
    names.set('metadata.evil.test', ['169.254.169.254'])
    names.set('mixed.evil.test', [PUBLIC, INSIDE])
    names.set('mapped.evil.test', [`::ffff:${INSIDE}`])
    names.set('nat64.evil.test', ['64:ff9b::7f00:1'])
    names.set('metadata.google.internal', ['169.254.169.254'])
  })
  afterAll(async () => {
    await inside[Symbol.asyncDispose]()
    await network[Symbol.asyncDispose]()
  })

  it('control: reads what is public', async () => {
    await using server = await LocalServer.start(PUBLIC, (_request, response) => response.end('public'))

    const response = await network.safe.fetch(`http://public.example:${server.port}/`)

    expect(await response.text()).toBe('public')
  })

  it.each([
    ['loopback', 'http://127.0.0.1:PORT/'],
    ['a short loopback', 'http://127.1:PORT/'],
    ['loopback as one number', 'http://2130706433:PORT/'],
    ['loopback in hexadecimal', 'http://0x7f000001:PORT/'],
    ['loopback in octal', 'http://0177.0.0.1:PORT/'],
    ['loopback in wide digits', 'http://①②⑦.⓪.⓪.①:PORT/'],
    ['loopback percent-encoded', 'http://%31%32%37.0.0.1:PORT/'],
    ['another loopback', 'http://127.8.9.10:PORT/'],
    ['this network', 'http://0.0.0.0:PORT/'],
    ['zero', 'http://0:PORT/'],
    ['IPv6 loopback', 'http://[::1]:PORT/'],
    ['no IPv6 address', 'http://[::]:PORT/'],
    ['mapped loopback', 'http://[::ffff:127.0.0.1]:PORT/'],
    ['mapped loopback in hexadecimal', 'http://[::ffff:7f00:1]:PORT/'],
    ['NAT64', 'http://[64:ff9b::7f00:1]:PORT/'],
    ['6to4', 'http://[2002:7f00:1::]:PORT/'],
    ['Teredo', 'http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]:PORT/'],
    ['unique local', 'http://[fd00:ec2::254]/latest/meta-data/'],
    ['link-local', 'http://[fe80::1]/'],
    ['metadata of clouds', 'http://169.254.169.254/latest/meta-data/'],
    ['metadata as one number', 'http://2852039166/latest/meta-data/'],
    ['metadata in carrier-grade NAT', 'http://100.100.100.200/'],
    ['private networks', 'http://10.0.0.1/'],
    ['private networks', 'http://172.16.0.1/'],
    ['private networks', 'http://192.168.0.1/'],
    ['the name localhost', 'http://localhost:PORT/'],
    ['localhost with the dot of the root', 'http://localhost.:PORT/'],
    ['localhost in capitals', 'http://LOCALHOST:PORT/'],
    ['a name that leads inside', 'http://inside.evil.test:PORT/'],
    ['a name that leads to metadata', 'http://metadata.evil.test/'],
    ['a name that clouds know', 'http://metadata.google.internal/computeMetadata/v1/'],
    ['a name that leads inside and outside', 'http://mixed.evil.test:PORT/'],
    ['a name with a mapped address', 'http://mapped.evil.test:PORT/'],
    ['a name with a NAT64 address', 'http://nat64.evil.test:PORT/'],
    ['a user that looks like a host', 'http://public.example@127.0.0.1:PORT/'],
    ['a host that looks like a user', 'http://127.0.0.1:PORT@public.example/'],
    ['a backslash', 'http://127.0.0.1:PORT\\@public.example/'],
    ['a tab inside', 'http://127.0.\t0.1:PORT/'],
    ['a file', 'file:///etc/passwd'],
    ['gopher', 'gopher://127.0.0.1:PORT/_GET'],
    ['ftp', 'ftp://127.0.0.1/'],
    ['data', 'data:text/plain,hello'],
    ['a script', 'javascript:alert(1)'],
    ['a unix socket', 'unix:/var/run/docker.sock'],
    ['no URL at all', '//127.0.0.1:PORT/'],
  ])('does not reach the inside by %s: %s', async (_name, address) => {
    const url = address.replaceAll('PORT', String(inside.port))

    await expect(network.safe.fetch(url)).rejects.toMatchObject({ code: 'SECURITY_FETCH_REFUSED', status: 400 })
    expect(inside.seen).toEqual([])
  })

  it.each([
    ['loopback', 302, 'http://127.0.0.1:PORT/'],
    ['a name that leads inside', 301, 'http://inside.evil.test:PORT/'],
    ['metadata', 307, 'http://169.254.169.254/'],
    ['IPv6 loopback', 308, 'http://[::1]:PORT/'],
    ['a relative address of another host', 302, '//127.0.0.1:PORT/'],
    ['a file', 303, 'file:///etc/passwd'],
    ['a redirect behind a redirect', 302, '/again'],
  ])('does not reach the inside by a redirect to %s', async (_name, status, location) => {
    await using server = await LocalServer.start(PUBLIC, ({ url }, response) => {
      const to = url === '/' ? location : 'http://127.0.0.1:PORT/'
      response.writeHead(status, { location: to.replaceAll('PORT', String(inside.port)) }).end()
    })

    await expect(network.safe.fetch(`http://public.example:${server.port}/`)).rejects.toMatchObject({
      code: 'SECURITY_FETCH_REFUSED',
    })
    expect(inside.seen).toEqual([])
  })

  it('does not reach the inside by a name that changes its mind: it is looked up once for each hop', async () => {
    await using server = await LocalServer.start(PUBLIC, (_request, response) => response.end('public'))
    let asked = 0
    network.names.names.set('rebind.evil.test', () => ((asked += 1) === 1 ? [PUBLIC] : [INSIDE]))

    const response = await network.safe.fetch(`http://rebind.evil.test:${server.port}/`)

    expect(await response.text()).toBe('public')
    expect(asked).toBe(1)
    // The next fetch looks it up again, and does not use the connection of the first.
    await expect(network.safe.fetch(`http://rebind.evil.test:${server.port}/`)).rejects.toMatchObject({
      code: 'SECURITY_FETCH_REFUSED',
    })
  })

  it('does not do it unseen: whoever listens to security events is told', async () => {
    const heard: SecurityEvent[] = []
    const stop = securityEvents.subscribe((event) => heard.push(event))

    await network.safe.fetch('http://169.254.169.254/').catch(() => undefined)
    stop()

    expect(heard).toMatchObject([
      {
        type: 'security.fetch',
        outcome: 'refused',
        reason: 'SECURITY_FETCH_REFUSED',
        subject: expect.stringContaining('http://169.254.169.254'),
      },
    ])
  })

  it('learns no address of the inside from the refusal', async () => {
    const refusal = network.safe.fetch('http://inside.evil.test:6379/private?token=abc')

    await expect(refusal).rejects.toThrow(
      'http://inside.evil.test:6379 must not be fetched: it leads into a network that is not public.',
    )
  })

  it.each([
    ['a host that was not named', 'http://other.example:PORT/'],
    ['a named host in front', 'http://public.example.evil.test:PORT/'],
    ['a named host behind', 'http://evilpublic.example:PORT/'],
    ['the parent of a wildcard', 'http://example:PORT/'],
  ])('does not get past a list of hosts by %s', async (_name, address) => {
    await using server = await LocalServer.start(OTHER_PUBLIC, (_request, response) => response.end('other'))
    const url = address.replace('PORT', String(server.port))

    await expect(network.safe.fetch(url, { hosts: ['public.example', '*.sub.example'] })).rejects.toMatchObject({
      code: 'SECURITY_FETCH_REFUSED',
      message: expect.stringContaining('its host is not in the list of hosts'),
    })
  })

  it('control: a host of the list is fetched, and a redirect out of the list is not followed', async () => {
    await using server = await LocalServer.start(PUBLIC, ({ url }, response) => {
      if (url === '/ok') response.end('ok')
      else response.writeHead(302, { location: `http://other.example:${server.port}/` }).end()
    })
    network.names.names.set('a.sub.example', [PUBLIC])
    const hosts = ['public.example', '*.sub.example']

    expect((await network.safe.fetch(`http://public.example:${server.port}/ok`, { hosts })).status).toBe(200)
    expect((await network.safe.fetch(`http://A.sub.example:${server.port}/ok`, { hosts })).status).toBe(200)
    await expect(network.safe.fetch(`http://public.example:${server.port}/`, { hosts })).rejects.toMatchObject({
      code: 'SECURITY_FETCH_REFUSED',
    })
  })

  it('does not choose the host that the other side sees, nor the frame of the request', async () => {
    await using server = await LocalServer.start(PUBLIC, (_request, response) => response.end('ok'))

    await network.safe.fetch(`http://public.example:${server.port}/`, {
      method: 'POST',
      body: 'x',
      headers: {
        Host: 'internal.example',
        'Transfer-Encoding': 'chunked',
        'Content-Length': '0',
        'Proxy-Authorization': 'x',
      },
    })

    expect(server.seen[0]?.headers).toMatchObject({ host: `public.example:${server.port}`, 'content-length': '1' })
    expect(server.seen[0]?.headers).not.toHaveProperty('transfer-encoding')
    expect(server.seen[0]?.headers).not.toHaveProperty('proxy-authorization')
  })

  it.each([
    ['a header', { headers: { 'x-a': 'b\r\nx-injected: 1' } }],
    ['the name of a header', { headers: { 'x-a\r\nx-injected': '1' } }],
  ])('does not write a second header by a line break in %s', async (_name, options) => {
    await using server = await LocalServer.start(PUBLIC, (_request, response) => response.end('ok'))

    await expect(network.safe.fetch(`http://public.example:${server.port}/`, options)).rejects.toMatchObject({
      code: 'SECURITY_FETCH_FAILED',
    })
    expect(server.seen).toEqual([])
  })

  it('does not tunnel by a method of its own', async () => {
    await expect(network.safe.fetch('http://public.example/', { method: 'CONNECT' as never })).rejects.toMatchObject({
      code: 'SECURITY_FETCH_REFUSED',
    })
  })

  it('does not keep it busy by redirects without end', async () => {
    await using server = await LocalServer.start(PUBLIC, ({ url }, response) =>
      response.writeHead(302, { location: `${url}x` }).end(),
    )

    await expect(network.safe.fetch(`http://public.example:${server.port}/`)).rejects.toMatchObject({
      code: 'SECURITY_FETCH_REDIRECTS_TOO_OFTEN',
    })
    expect(server.seen).toHaveLength(6)
  })

  it.each([
    ['says nothing', (): void => {}],
    ['never ends its body', (_request: unknown, response: { write(text: string): void }): void => response.write('a')],
  ])('does not keep it busy by a server that %s', async (_name, listener) => {
    await using server = await LocalServer.start(PUBLIC, listener)

    await expect(network.safe.fetch(`http://public.example:${server.port}/`, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'SECURITY_FETCH_TIMED_OUT',
      status: 504,
    })
  })

  it('does not keep it busy by a name server that says nothing', async () => {
    network.names.resolve = () => new Promise(() => {})
    try {
      await expect(network.safe.fetch('http://slow.evil.test/', { timeoutMs: 50 })).rejects.toMatchObject({
        code: 'SECURITY_FETCH_TIMED_OUT',
      })
    } finally {
      Reflect.deleteProperty(network.names, 'resolve')
    }
  })

  it.each([
    ['says how long it is', { 'content-length': '2000' }],
    ['does not say it', {}],
  ])('does not fill the memory by a body that %s', async (_name, headers) => {
    await using server = await LocalServer.start(PUBLIC, (_request, response) => {
      response.writeHead(200, headers)
      response.end('a'.repeat(2000))
    })

    await expect(network.safe.fetch(`http://public.example:${server.port}/`, { maxBytes: 1999 })).rejects.toMatchObject(
      { code: 'SECURITY_FETCH_TOO_LARGE' },
    )
    expect((await network.safe.fetch(`http://public.example:${server.port}/`, { maxBytes: 2000 })).status).toBe(200)
  })
})
