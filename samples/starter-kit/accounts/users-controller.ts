import { Body, Controller, CurrentUser, Get, Post, Returns, Throws } from 'tenon'

import type { Caller } from '../access/caller.ts'
import { EVERYONE, Roles } from '../access/roles.ts'
import { EmailTaken } from './accounts-errors.ts'
import { NewUser } from './new-user.ts'
import { UserView } from './user-view.ts'
import { User } from './user.ts'
import { UsersService } from './users-service.ts'

@Controller('/api')
export class UsersController {
  readonly #users: UsersService

  constructor(users: UsersService) {
    this.#users = users
  }

  @Get('/me')
  @Roles(...EVERYONE)
  @Returns(UserView)
  me(@CurrentUser() caller: Caller): Promise<User> {
    return this.#users.me(caller)
  }

  @Get('/users')
  @Roles('admin')
  @Returns(UserView, { array: true })
  list(@CurrentUser() caller: Caller): Promise<User[]> {
    return this.#users.list(caller)
  }

  @Post('/users')
  @Roles('admin')
  @Returns(UserView)
  @Throws(EmailTaken)
  add(@Body() user: NewUser, @CurrentUser() caller: Caller): Promise<User> {
    return this.#users.add(caller, user)
  }
}
