import { createReadStream, createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { Controller, Get, Module, Put, Req, StreamableFile, type INestApplication } from '@nestjs/common'

import { DOWNLOAD_FILE, UPLOAD_FILE } from '../shared/settings.js'
import { isFastify, serveNest } from './serve-nest.ts'

@Controller('file')
class FileController {
  @Put()
  async upload(@Req() request: Readable & { readonly raw?: Readable }) {
    const target = createWriteStream(UPLOAD_FILE)
    await pipeline(request.raw ?? request, target)
    return { bytes: target.bytesWritten }
  }

  @Get()
  download() {
    return new StreamableFile(createReadStream(DOWNLOAD_FILE))
  }
}

@Module({ controllers: [FileController] })
class AppModule {}

function prepare(app: INestApplication): void {
  if (!isFastify) return
  const pass = (_request: unknown, payload: unknown, done: (error: null, body: unknown) => void) => done(null, payload)
  app.getHttpAdapter().getInstance().addContentTypeParser('application/octet-stream', pass)
}

await serveNest(AppModule, prepare, { bodyLimit: Number.MAX_SAFE_INTEGER })
