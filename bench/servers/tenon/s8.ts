import { createReadStream, createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { Controller, createApp, Get, Module, Put, Req } from 'tenon'

import { DOWNLOAD_FILE, UPLOAD_FILE } from '../shared/settings.js'

@Controller('/file')
class FileController {
  @Put()
  async upload(@Req() request: Readable): Promise<object> {
    const target = createWriteStream(UPLOAD_FILE)
    await pipeline(request, target)
    return { bytes: target.bytesWritten }
  }

  @Get()
  download(): Readable {
    return createReadStream(DOWNLOAD_FILE)
  }
}

@Module({ controllers: [FileController] })
class AppModule {}

const app = await createApp(AppModule)
await app.listen()
