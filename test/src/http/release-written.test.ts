import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { Controller, Ctx, file, Get, Module, Public, Put, Req, type FileResponse, type HttpContext } from 'tenon'
import { testApp } from 'tenon/testing'

const BYTES = randomBytes(1_000_000)

let folder: string
/** Pieces that a stream has brought. */
let pieces: Buffer[]

/** Without listening to it. */
function keeping<T extends Readable>(stream: T): T {
  const push = stream.push.bind(stream)
  stream.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (Buffer.isBuffer(chunk)) pieces.push(chunk)
    return push(chunk, encoding)
  }
  return stream
}

@Controller('/files')
@Public('An example.')
class FilesController {
  @Get('/stream')
  stream(): Readable {
    return keeping(createReadStream(join(folder, 'source')))
  }

  @Get('/watched')
  watched(): Readable {
    const stream = keeping(createReadStream(join(folder, 'source')))
    // `on` would start it.
    stream.prependListener('data', () => {})
    return stream
  }

  @Get('/through')
  through(): Readable {
    return keeping(createReadStream(join(folder, 'source'))).pipe(new PassThrough())
  }

  @Get('/changed')
  changed(@Ctx() { response }: HttpContext): Readable {
    const write = response.write.bind(response)
    response.write = ((chunk: Buffer) => write(chunk)) as typeof response.write
    return keeping(createReadStream(join(folder, 'source')))
  }

  @Get('/file')
  file(): FileResponse {
    return file('source', { root: folder })
  }

  @Put('/alone')
  async alone(@Req() request: Readable): Promise<void> {
    await pipeline(keeping(request), createWriteStream(join(folder, 'target')))
  }

  @Put('/twice')
  async twice(@Req() request: Readable): Promise<void> {
    const other = createWriteStream(join(folder, 'other'))
    keeping(request).pipe(other)
    await pipeline(request, createWriteStream(join(folder, 'target')))
  }

  @Put('/iterated')
  async iterated(@Req() request: Readable): Promise<void> {
    const all: Buffer[] = []
    for await (const chunk of keeping(request)) all.push(chunk as Buffer)
    await writeFile(join(folder, 'target'), Buffer.concat(all))
  }
}

@Module({ controllers: [FilesController] })
class FilesModule {}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'release-'))
  pieces = []
  await writeFile(join(folder, 'source'), BYTES)
})

afterEach(() => rm(folder, { recursive: true }))

const isFreed = ({ buffer }: Buffer): boolean => buffer instanceof ArrayBuffer && buffer.detached

describe('The memory of large bodies', () => {
  it.each([
    ['a file stream', '/files/stream', true],
    ['a file stream that others listen to', '/files/watched', false],
    ['a file stream behind another', '/files/through', false],
    ['a file stream in front of a response that somebody has changed', '/files/changed', false],
  ])('of %s', async (_what, path, isGivenBack) => {
    await using app = await testApp(FilesModule).boot()

    const response = await app.request(path)
    expect(Buffer.from(await response.arrayBuffer()).equals(BYTES)).toBe(true)
    await app.close()

    expect(pieces.length).toBeGreaterThan(10)
    expect(pieces.map(isFreed)).toEqual(pieces.map(() => isGivenBack))
  })

  it('is that of the file, whole or in part', async () => {
    await using app = await testApp(FilesModule).boot()

    const whole = await app.request('/files/file')
    const part = await app.request('/files/file', { headers: { range: 'bytes=70000-700000' } })

    expect(Buffer.from(await whole.arrayBuffer()).equals(BYTES)).toBe(true)
    expect(Buffer.from(await part.arrayBuffer()).equals(BYTES.subarray(70_000, 700_001))).toBe(true)
  })

  it.each([
    ['piped into a file', '/files/alone', true],
    ['piped into two files', '/files/twice', false],
    ['read otherwise', '/files/iterated', false],
  ])('of a body %s', async (_what, path, isGivenBack) => {
    await using app = await testApp(FilesModule).boot()

    const { status } = await app.request(path, {
      method: 'PUT',
      body: BYTES,
      headers: { 'content-type': 'application/octet-stream' },
    })
    await app.close()

    expect(status).toBe(204)
    expect((await readFile(join(folder, 'target'))).equals(BYTES)).toBe(true)
    if (path === '/files/twice') expect((await readFile(join(folder, 'other'))).equals(BYTES)).toBe(true)
    expect(pieces.length).toBeGreaterThan(2)
    expect(pieces.map(isFreed)).toEqual(pieces.map(() => isGivenBack))
  })
})
