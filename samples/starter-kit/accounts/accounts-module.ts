import { Module } from 'tenon'

import { OrganisationsModule } from '../organisations/organisations-module.ts'
import { AccountsService } from './accounts-service.ts'
import { AuthController } from './auth-controller.ts'
import { Passwords } from './passwords.ts'
import { Tokens } from './tokens.ts'
import { UserRepository } from './user-repository.ts'
import { UsersController } from './users-controller.ts'
import { UsersService } from './users-service.ts'

@Module({
  imports: [OrganisationsModule],
  controllers: [AuthController, UsersController],
  providers: [AccountsService, UsersService, UserRepository, Passwords, Tokens],
})
export class AccountsModule {}
