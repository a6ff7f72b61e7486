import { Controller, Get, Module, Param, type Type } from '@nestjs/common'

import { ROUTES } from '../shared/settings.js'
import { serveNest } from './serve-nest.ts'

function resource(route: number): Type {
  @Controller(`api/r${route}`)
  class ResourceController {
    @Get(':id')
    find(@Param('id') id: string) {
      return { route, id }
    }
  }
  return ResourceController
}

@Module({ controllers: Array.from({ length: ROUTES }, (_, route) => resource(route)) })
class AppModule {}

await serveNest(AppModule)
