import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Get, HttpCode, Query, SetHeader } from '../../../decorators/index.ts'
import { file } from '../../../src/http/file-response.ts'
import { serve } from './serve-controller.ts'

let folder = ''
let root = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenon-'))
  root = join(folder, 'public')
  await mkdir(join(root, 'sub'), { recursive: true })
  await writeFile(join(root, 'a.txt'), '0123456789')
  await writeFile(join(root, '100% ünï.txt'), 'odd name')
  await writeFile(join(root, 'sub', 'b.json'), '{}')
  await writeFile(join(root, '.secret'), 'hidden')
  await writeFile(join(folder, 'outside.txt'), 'outside')
})

afterAll(() => rm(folder, { recursive: true }))

class Files {
  @Get('/file')
  @SetHeader('X-Kind', 'file')
  file(@Query('path') path: string) {
    return file(path, { root })
  }

  @Get('/download')
  download(@Query('path') path: string, @Query('as') as: string) {
    return file(path, { root, download: as ?? true })
  }

  @Get('/typed')
  typed() {
    return file('a.txt', { root, contentType: 'text/x-log' })
  }

  @Get('/status')
  @HttpCode(203)
  status() {
    return file('a.txt', { root })
  }

  @Get('/surrogate')
  surrogate() {
    return file('\ud800', { root })
  }
}

const get = (path: string): string => `/file?path=${encodeURIComponent(path)}`

describe('A file as an answer', () => {
  it.each([
    ['a.txt', 'text/plain; charset=utf-8', '0123456789'],
    ['/sub/b.json', 'application/json; charset=utf-8', '{}'],
    ['100% ünï.txt', 'text/plain; charset=utf-8', 'odd name'],
    ['sub/../a.txt', 'text/plain; charset=utf-8', '0123456789'],
  ])('%s is sent whole, with its type', async (path, type, body) => {
    await using server = await serve(Files)

    const response = await server.fetch(get(path))

    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(type)
    expect(response.headers.get('content-length')).toBe(String(body.length))
    expect(response.headers.get('accept-ranges')).toBe('bytes')
    expect(response.headers.get('x-kind')).toBe('file')
    expect(await response.text()).toBe(body)
  })

  it.each([
    '../outside.txt',
    '..',
    'sub/../../outside.txt',
    '/../outside.txt',
    '..\\outside.txt',
    '%2e%2e/outside.txt',
    '.secret',
    'sub/../.secret',
    'a.txt\0.png',
    'none.txt',
    'a.txt/',
    'sub',
    'sub/',
    '',
  ])('%j is answered with 404 and nothing else', async (path) => {
    await using server = await serve(Files)

    const response = await server.fetch(get(path))

    expect(response.status).toBe(404)
    expect(response.headers.get('last-modified')).toBeNull()
    expect(response.headers.get('cache-control')).toBeNull()
    const body = await response.text()
    expect(JSON.parse(body)).toMatchObject({ code: 'RESPONSE_FILE_NOT_FOUND' })
    expect(body).not.toContain(folder)
    expect(server.errors).toHaveLength(1)
  })

  it('needs a folder, also where a setting is not there', () => {
    expect(() => file('/etc/passwd', { root: undefined as never })).toThrow('without the folder')
    expect(() => file('/etc/passwd', { root: '' })).toThrow('without the folder')
  })

  it('is not looked for under a name that is no text', async () => {
    await using server = await serve(Files)

    expect((await server.fetch('/surrogate')).status).toBe(404)
  })

  it.each([
    ['bytes=2-4', 206, 'bytes 2-4/10', '234'],
    ['bytes=-3', 206, 'bytes 7-9/10', '789'],
    ['bytes=0-', 206, 'bytes 0-9/10', '0123456789'],
    ['lines=1-2', 200, null, '0123456789'],
  ])('is sent in part for Range: %s', async (range, status, contentRange, body) => {
    await using server = await serve(Files)

    const response = await server.fetch(get('a.txt'), { headers: { range } })

    expect(response.status).toBe(status)
    expect(response.headers.get('content-range')).toBe(contentRange)
    expect(await response.text()).toBe(body)
  })

  it('says how long it is when a range lies behind its end', async () => {
    await using server = await serve(Files)

    const response = await server.fetch(get('a.txt'), { headers: { range: 'bytes=50-60' } })

    expect(response.status).toBe(416)
    expect(response.headers.get('content-range')).toBe('bytes */10')
    expect(await response.json()).toMatchObject({ code: 'RESPONSE_RANGE_UNSATISFIABLE' })
  })

  it('is sent only when it has changed', async () => {
    await using server = await serve(Files)
    const { headers } = await server.fetch(get('a.txt'))
    const etag = headers.get('etag')!
    const modified = headers.get('last-modified')!

    // `fetch` asks for a reload with every condition, unless told what to say of caches.
    const statusFor = async (conditions: Record<string, string>): Promise<number> =>
      (await server.fetch(get('a.txt'), { headers: { 'cache-control': 'max-age=0', ...conditions } })).status
    expect(await statusFor({ 'if-none-match': etag })).toBe(304)
    expect(await statusFor({ 'if-modified-since': modified })).toBe(304)
    expect(await statusFor({ 'if-none-match': '"other"' })).toBe(200)
    expect(await statusFor({ 'if-match': '"other"' })).toBe(412)
  })

  it('is offered for saving, under a name that cannot leave the header', async () => {
    await using server = await serve(Files)
    const dispositionOf = async (query: string): Promise<string | null> =>
      (await server.fetch(`/download?${query}`)).headers.get('content-disposition')

    expect(await dispositionOf('path=/sub/b.json')).toBe(`attachment; filename="b.json"; filename*=UTF-8''b.json`)
    expect(await dispositionOf(`path=a.txt&as=${encodeURIComponent('ü"\r\nX: y.txt')}`)).toBe(
      `attachment; filename="____X: y.txt"; filename*=UTF-8''%C3%BC%22%0D%0AX%3A%20y.txt`,
    )
  })

  it('can have another type and another status', async () => {
    await using server = await serve(Files)

    expect((await server.fetch('/typed')).headers.get('content-type')).toBe('text/x-log')
    expect((await server.fetch('/status')).status).toBe(203)
  })

  it('answers HEAD with its headers alone', async () => {
    await using server = await serve(Files)

    const response = await server.fetch(get('a.txt'), { method: 'HEAD' })

    expect(response.headers.get('content-length')).toBe('10')
    expect(await response.text()).toBe('')
  })
})
