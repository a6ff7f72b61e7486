/** What `cost-versioning-modules` is without versions: one answer, which says by hand what it depends on. */
import { Controller, createApp, Get, Module, Param, Service, SetHeader } from 'tenon'

import { UserDirectory } from '../shared/user-directory.js'

@Service()
class Users extends UserDirectory {}

@Controller('/orgs/:org/users')
class UsersController {
  readonly #users: Users

  constructor(users: Users) {
    this.#users = users
  }

  @SetHeader('Vary', 'x-api-version')
  @Get('/:id')
  find(@Param('org') org: string, @Param('id') id: number): object {
    return this.#users.find(org, id)
  }
}

@Module({ controllers: [UsersController], providers: [Users] })
class AppModule {}

const app = await createApp(AppModule)
await app.listen()
