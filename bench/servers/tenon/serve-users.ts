/** The program of `s2` for callers with a token. */
import { Controller, createApp, Get, Module, Param, Service } from 'tenon'

import { UserDirectory } from '../shared/user-directory.js'
import { bearerAndRoles } from './bearer-and-roles.ts'

@Service()
class Users extends UserDirectory {}

/** @param protect - Says who may call. */
export async function serveUsers(protect: MethodDecorator): Promise<void> {
  @Controller('/orgs/:org/users')
  class UsersController {
    readonly #users: Users

    constructor(users: Users) {
      this.#users = users
    }

    @protect
    @Get('/:id')
    find(@Param('org') org: string, @Param('id') id: number): object {
      return this.#users.find(org, id)
    }
  }

  @Module({ imports: bearerAndRoles, controllers: [UsersController], providers: [Users] })
  class AppModule {}

  const app = await createApp(AppModule)
  await app.listen()
}
