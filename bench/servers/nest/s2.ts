import { Controller, Get, Injectable, Module, Param, ParseIntPipe } from '@nestjs/common'

import { UserDirectory } from '../shared/user-directory.js'
import { serveNest } from './serve-nest.ts'

@Injectable()
class Users extends UserDirectory {}

@Controller('orgs/:org/users')
class UsersController {
  constructor(private readonly users: Users) {}

  @Get(':id')
  find(@Param('org') org: string, @Param('id', ParseIntPipe) id: number) {
    return this.users.find(org, id)
  }
}

@Module({ controllers: [UsersController], providers: [Users] })
class AppModule {}

await serveNest(AppModule)
