import { Controller, createApp, Get, Module, Param } from 'tenon'

import { ROUTES } from '../shared/settings.js'

function resource(route: number): new () => object {
  @Controller(`/api/r${route}`)
  class ResourceController {
    @Get('/:id')
    find(@Param('id') id: string): object {
      return { route, id }
    }
  }
  return ResourceController
}

@Module({ controllers: Array.from({ length: ROUTES }, (_, route) => resource(route)) })
class AppModule {}

const app = await createApp(AppModule)
await app.listen()
