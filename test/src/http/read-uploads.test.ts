import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { IsInt } from 'class-validator'

import { Body, Post, UploadedFile, UploadedFiles } from '../../../decorators/index.ts'
import type { Upload } from '../../../src/http/upload.ts'
import { serve, until } from './serve-controller.ts'

class Note {
  @IsInt()
  priority!: number
}

const seen: string[] = []

class Uploads {
  @Post('/one')
  async one(@UploadedFile('file', { maxBytes: 100_000, types: ['image/*', 'text/plain'] }) file: Upload) {
    const bytes = await file.bytes()
    return { field: file.field, fileName: file.fileName, mediaType: file.mediaType, length: bytes.length }
  }

  @Post('/noted')
  async noted(@Body() note: Note, @UploadedFile('file', { maxBytes: 100 }) file: Upload) {
    return { priority: note.priority, text: String(await file.bytes()) }
  }

  @Post('/many')
  async many(@UploadedFiles('file', { maxBytes: 100_000, maxCount: 2 }) files: AsyncIterable<Upload>) {
    const names: string[] = []
    for await (const file of files) names.push(`${file.fileName}:${(await file.bytes()).length}`)
    return names
  }

  @Post('/names')
  async names(@UploadedFiles('file', { maxBytes: 10_000_000, maxCount: 20 }) files: AsyncIterable<Upload>) {
    const names: string[] = []
    for await (const file of files) names.push(file.fileName)
    return names
  }

  @Post('/unread')
  unread(@UploadedFile('file', { maxBytes: 50_000_000 }) file: Upload) {
    return file.fileName
  }

  @Post('/first')
  async first(@UploadedFiles('file', { maxBytes: 50_000_000, maxCount: 5 }) files: AsyncIterable<Upload>) {
    for await (const file of files) return file.fileName
    return 'none'
  }

  @Post('/save')
  async save(@UploadedFile('file', { maxBytes: 1_000_000 }) file: Upload, @Body('path') path: string) {
    await file.saveTo(path)
    return 'saved'
  }

  @Post('/watch')
  async watch(@UploadedFile('file', { maxBytes: 50_000_000 }) file: Upload) {
    for await (const chunk of file.stream) seen.push(String(chunk))
  }
}

const formOf = (...parts: readonly (readonly [string, string | Blob, string?])[]): FormData => {
  const form = new FormData()
  for (const [name, value, fileName] of parts) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, value, fileName)
  }
  return form
}

const text = (content: string): Blob => new Blob([content], { type: 'text/plain' })

const multipart = (path: string, ...headers: string[]): string =>
  [`POST ${path} HTTP/1.1`, 'Host: x', 'Content-Type: multipart/form-data; boundary=B', ...headers, '', ''].join('\r\n')

const partHead = (fileName: string): string =>
  `--B\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\nContent-Type: text/plain\r\n\r\n`

const chunk = (content: string): string => `${Buffer.byteLength(content).toString(16)}\r\n${content}\r\n`

describe('Uploads', () => {
  it('hand one file over as a stream with what the caller says of it', async () => {
    await using server = await serve(Uploads)

    const response = await server.fetch('/one', { method: 'POST', body: formOf(['file', text('hello'), 'a.txt']) })

    expect(await response.json()).toEqual({ field: 'file', fileName: 'a.txt', mediaType: 'text/plain', length: 5 })
  })

  it('take a file of exactly the limit and refuse one byte more', async () => {
    await using server = await serve(Uploads)
    const send = (length: number): Promise<Response> =>
      server.fetch('/one', { method: 'POST', body: formOf(['file', text('x'.repeat(length)), 'a.txt']) })

    expect(await (await send(100_000)).json()).toMatchObject({ length: 100_000 })
    expect(await (await send(100_001)).json()).toMatchObject({ status: 413, code: 'REQUEST_UPLOAD_TOO_LARGE' })
    expect(await (await send(9_000_000)).json()).toMatchObject({ status: 413, code: 'REQUEST_BODY_TOO_LARGE' })
  })

  it('refuse a file over the limit while it comes in, and close cleanly', async () => {
    await using server = await serve(Uploads)
    using connection = await server.connect()

    connection.send(`${multipart('/one', 'Transfer-Encoding: chunked')}${chunk(partHead('a.txt'))}`)
    const sending = setInterval(() => connection.socket.writable && connection.send(chunk('x'.repeat(50_000))), 1)
    const answer = await connection.untilClosed()
    clearInterval(sending)

    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toContain('REQUEST_UPLOAD_TOO_LARGE')
    expect(connection.closedBy).toBe('end')
    expect(server.errors).toHaveLength(1)
  })

  it('refuse a type that is not allowed', async () => {
    await using server = await serve(Uploads)
    const body = formOf(['file', new Blob(['<svg>'], { type: 'application/zip' }), 'a.zip'])

    const response = await server.fetch('/one', { method: 'POST', body })

    expect(await response.json()).toMatchObject({ status: 415, code: 'REQUEST_UPLOAD_TYPE_REFUSED' })
  })

  it('take any type that a pattern allows', async () => {
    await using server = await serve(Uploads)
    const body = formOf(['file', new Blob(['x'], { type: 'image/png' }), 'a.png'])

    expect(await (await server.fetch('/one', { method: 'POST', body })).json()).toMatchObject({
      mediaType: 'image/png',
    })
  })

  it('hand the texts before the file to the body, converted and validated', async () => {
    await using server = await serve(Uploads)
    const taken = await server.fetch('/noted', {
      method: 'POST',
      body: formOf(['priority', '3'], ['file', text('x'), 'a']),
    })
    const refused = await server.fetch('/noted', {
      method: 'POST',
      body: formOf(['priority', 'high'], ['file', text('x'), 'a']),
    })

    expect(await taken.json()).toEqual({ priority: 3, text: 'x' })
    expect(await refused.json()).toMatchObject({
      status: 400,
      code: 'VALIDATION_FAILED',
      errors: [{ pointer: '/priority' }],
    })
  })

  it('ignore texts after the file, and say so', async () => {
    await using server = await serve(Uploads)
    const body = formOf(['priority', '3'], ['file', text('x'), 'a'], ['late', '1'])

    const response = await server.fetch('/noted', { method: 'POST', body })

    expect(await response.json()).toEqual({ priority: 3, text: 'x' })
    expect(server.warnings).toEqual(['The form field "late" came after a file and is ignored: put texts first.'])
  })

  it('refuse names in a form that would change how objects behave', async () => {
    await using server = await serve(Uploads)

    const response = await server.fetch('/noted', {
      method: 'POST',
      body: formOf(['__proto__', '3'], ['file', text('x'), 'a']),
    })

    expect(await response.json()).toMatchObject({ status: 400, code: 'REQUEST_BODY_KEY_FORBIDDEN' })
  })

  it('refuse a form without the file, and one whose input was left empty', async () => {
    await using server = await serve(Uploads)

    for (const body of [formOf(['a', 'b']), formOf(['file', text(''), ''])]) {
      const response = await server.fetch('/one', { method: 'POST', body })
      expect(await response.json()).toMatchObject({
        status: 400,
        code: 'REQUEST_UPLOAD_MISSING',
        errors: [{ pointer: '/file' }],
      })
    }
  })

  it('refuse a file in a field that is not declared', async () => {
    await using server = await serve(Uploads)

    const response = await server.fetch('/one', { method: 'POST', body: formOf(['avatar', text('x'), 'a']) })

    expect(await response.json()).toMatchObject({ status: 400, code: 'REQUEST_UPLOAD_UNEXPECTED' })
  })

  it('hand many files over one after the other, none included', async () => {
    await using server = await serve(Uploads)
    const send = async (...names: string[]): Promise<unknown> => {
      const body = formOf(['about', 'x'], ...names.map((name) => ['file', text('x'.repeat(80_000)), name] as const))
      return (await server.fetch('/many', { method: 'POST', body })).json()
    }

    expect(await send('a', 'b')).toEqual(['a:80000', 'b:80000'])
    expect(await send()).toEqual([])
    expect(await send('a', 'b', 'c')).toMatchObject({ status: 413, code: 'REQUEST_UPLOAD_COUNT_EXCEEDED' })
  })

  it('throw away what the handler does not read of a file before the next', async () => {
    await using server = await serve(Uploads)
    const names = ['a', 'b', 'c']

    const body = formOf(...names.map((name) => ['file', text(name.repeat(200_000)), name] as const))

    expect(await (await server.fetch('/names', { method: 'POST', body })).json()).toEqual(names)
  })

  it('answer and close when the handler reads nothing of a large file, or stops after the first', async () => {
    await using server = await serve(Uploads)
    for (const path of ['/unread', '/first']) {
      using connection = await server.connect()

      connection.send(`${multipart(path, 'Content-Length: 40000000')}${partHead('a.txt')}${'x'.repeat(1_000_000)}`)

      const answer = await connection.untilClosed()
      expect(answer).toMatch(/^HTTP\/1\.1 201 /)
      expect(answer).toContain('a.txt')
      expect(connection.closedBy).toBe('end')
    }
  })

  it('name files without folders and control characters', async () => {
    await using server = await serve(Uploads)
    using connection = await server.connect()
    const names = ['../../etc/passwd', String.raw`C:\\temp\\x.txt`, 'a\0b.txt', '..', '/', 'tab\there', 'ünï.txt']
    const form = `${names.map((name) => `${partHead(name)}x\r\n`).join('')}--B--\r\n`

    connection.send(`${multipart('/names', `Content-Length: ${Buffer.byteLength(form)}`, 'Connection: close')}${form}`)

    const answer = Buffer.from(await connection.untilClosed(), 'latin1').toString()
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toEqual([
      'passwd',
      'x.txt',
      'ab.txt',
      'upload',
      'upload',
      'tabhere',
      'ünï.txt',
    ])
  })

  it('save a file, and never over another', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tenon-'))
    const path = join(folder, 'saved.bin')
    await using server = await serve(Uploads)
    const send = (): Promise<Response> =>
      server.fetch('/save', { method: 'POST', body: formOf(['path', path], ['file', text('y'.repeat(500_000)), 'a']) })

    expect((await send()).status).toBe(201)
    expect((await readFile(path)).length).toBe(500_000)
    expect((await send()).status).toBe(500)
    await rm(folder, { recursive: true })
  })

  it.each([
    ['no boundary', 'multipart/form-data', 'x'],
    ['no end', 'multipart/form-data; boundary=B', partHead('a.txt')],
    ['an end within a head', 'multipart/form-data; boundary=B', '--B\r\nContent-Disposition: form-data; na'],
    ['no part at all', 'multipart/form-data; boundary=B', 'nothing of the kind'],
    [
      'a part without a name',
      'multipart/form-data; boundary=B',
      '--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--\r\n',
    ],
  ])('refuse a form with %s', async (_what, type, body) => {
    await using server = await serve(Uploads)

    const response = await server.fetch('/one', { method: 'POST', body, headers: { 'content-type': type } })

    expect(await response.json()).toMatchObject({ status: 400, code: 'REQUEST_BODY_MALFORMED' })
    expect(server.errors).toHaveLength(1)
  })

  it('refuse what is no form', async () => {
    await using server = await serve(Uploads)

    const response = await server.fetch('/one', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })

    expect(await response.json()).toMatchObject({ status: 415, code: 'REQUEST_MEDIA_TYPE_UNSUPPORTED' })
    expect((await server.fetch('/one', { method: 'POST' })).status).toBe(415)
  })

  it('refuse texts that together pass the limit of bodies', async () => {
    await using server = await serve(Uploads, { config: { maxBodyBytes: 1000 } })
    const parts = [
      ['a', 'x'.repeat(600)],
      ['b', 'x'.repeat(600)],
      ['file', text('x'), 'a'],
    ] as const

    const response = await server.fetch('/one', { method: 'POST', body: formOf(...parts) })

    expect(await response.json()).toMatchObject({ status: 413, code: 'REQUEST_BODY_TOO_LARGE' })
  })

  it('fail in the handler with 408 when the file stops coming', async () => {
    await using server = await serve(Uploads, { config: { bodyTimeoutMs: 30 } })
    using connection = await server.connect()

    connection.send(`${multipart('/watch', 'Content-Length: 1000')}${partHead('a.txt')}some`)

    const answer = await connection.untilClosed()
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toContain('REQUEST_BODY_TIMEOUT')
  })

  it('reach the handler before they are complete, and end it when the caller goes', async () => {
    seen.length = 0
    await using server = await serve(Uploads)
    using connection = await server.connect()

    connection.send(`${multipart('/watch', 'Content-Length: 1000')}${partHead('a.txt')}some of it`)
    await until(() => seen.join('').includes('some'), 'the first bytes')
    connection.socket.resetAndDestroy()

    await until(() => server.errors.length > 0, 'the handler to end')
    expect(server.errors).toMatchObject([{ code: 'REQUEST_ABORTED' }])
  })
})
