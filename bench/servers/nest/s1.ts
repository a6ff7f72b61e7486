import { Controller, Get, Module } from '@nestjs/common'

import { serveNest } from './serve-nest.ts'

@Controller('hello')
class HelloController {
  @Get()
  hello() {
    return { hello: 'world' }
  }
}

@Module({ controllers: [HelloController] })
class AppModule {}

await serveNest(AppModule)
