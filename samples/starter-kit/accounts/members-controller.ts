import { Body, Controller, CurrentUser, Delete, Get, HttpCode, Param, Patch, Returns, type Principal } from 'tenon'
import { Authorize } from 'tenon/access'
import { Authenticated } from 'tenon/auth'
import { TenantScoped } from 'tenon/tenancy'

import { RoleChange } from './account-requests.ts'
import { MembersService } from './members-service.ts'
import { UserPolicy } from './user-policy.ts'
import { UserView, viewUser } from './user-view.ts'

@Controller({ path: '/api', tags: ['Members'] })
@TenantScoped()
export class MembersController {
  readonly #members: MembersService

  constructor(members: MembersService) {
    this.#members = members
  }

  @Get('/me')
  @Authenticated()
  @Returns(UserView)
  async me(@CurrentUser() { id }: Principal): Promise<UserView> {
    return viewUser(await this.#members.get(id))
  }

  @Get('/users')
  @Authorize('members:manage')
  @Authorize(UserPolicy, 'read')
  @Returns(UserView, { array: true })
  async list(): Promise<UserView[]> {
    return (await this.#members.list()).map(viewUser)
  }

  /** Whoever gets another role logs in again. */
  @Patch('/users/:id')
  @Authorize('members:manage')
  @Authorize(UserPolicy, 'update', { by: 'id' })
  @Returns(UserView)
  async changeRole(@Param('id') id: string, @Body() { role }: RoleChange): Promise<UserView> {
    return viewUser(await this.#members.changeRole(id, role))
  }

  /** Ends all logins; tickets and comments keep the name. */
  @Delete('/users/:id')
  @HttpCode(204)
  @Authorize('members:manage')
  @Authorize(UserPolicy, 'update', { by: 'id' })
  async disable(@Param('id') id: string): Promise<void> {
    await this.#members.disable(id)
  }
}
