import { Controller, createApp, Get, Module, Param, Service } from 'tenon'

import { UserDirectory } from '../shared/user-directory.js'
import { observed } from './observed.ts'

@Service()
class Users extends UserDirectory {}

@Controller('/orgs/:org/users')
class UsersController {
  readonly #users: Users

  constructor(users: Users) {
    this.#users = users
  }

  @Get('/:id')
  find(@Param('org') org: string, @Param('id') id: number): object {
    return this.#users.find(org, id)
  }
}

@Module({ controllers: [UsersController], providers: [Users] })
class AppModule {}

const app = await createApp(AppModule, ...(await observed()))
await app.listen()
