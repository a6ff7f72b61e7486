/** The program of `s2` with a version by header, two of them. */
import { Controller, createApp, Get, Module, Param, Service } from 'tenon'
import { Version, VersioningModule } from 'tenon/versioning'

import { UserDirectory } from '../shared/user-directory.js'

@Service()
class Users extends UserDirectory {}

@Controller('/orgs/:org/users')
class UsersController {
  readonly #users: Users

  constructor(users: Users) {
    this.#users = users
  }

  @Version('2')
  @Get('/:id')
  find(@Param('org') org: string, @Param('id') id: number): object {
    return this.#users.find(org, id)
  }

  @Version('1')
  @Get('/:id')
  findAsBefore(@Param('org') org: string, @Param('id') id: number): object {
    return { user: this.#users.find(org, id) }
  }
}

@Module({ imports: [VersioningModule.with({ from: 'header' })], controllers: [UsersController], providers: [Users] })
class AppModule {}

const app = await createApp(AppModule)
await app.listen()
