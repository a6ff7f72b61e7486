/** Who takes part: accounts, second factors, logins by session, token and other issuers, members of organisations. */
import { Module } from 'tenon'
import { CallerDirectory } from 'tenon/access'
import { AccountsModule, AccountStore, tokenEndpoints, TokensModule } from 'tenon/auth'
import { MfaModule } from 'tenon/mfa'
import { OidcLoginModule } from 'tenon/oidc'

import { OrganisationsModule } from '../organisations/organisations-module.ts'
import { DeskCallers } from './desk-callers.ts'
import { InvitationsController } from './invitations-controller.ts'
import { MembersController } from './members-controller.ts'
import { MembersService } from './members-service.ts'
import { SignUpController } from './sign-up-controller.ts'
import { UserRepository } from './user-repository.ts'

const PREFIX = '/api/auth'

@Module({
  imports: [
    OrganisationsModule,
    TokensModule,
    AccountsModule.with({ signUp: false }, PREFIX),
    MfaModule.with({ requiredFor: ['admin'], name: 'Service desk', loginPath: '/second-factor' }, PREFIX),
    OidcLoginModule.with({ errorPath: '/' }, `${PREFIX}/oidc`),
  ],
  controllers: [SignUpController, MembersController, InvitationsController, tokenEndpoints(`${PREFIX}/token`)],
  providers: [
    MembersService,
    UserRepository,
    DeskCallers,
    { provide: AccountStore, useExisting: UserRepository },
    { provide: CallerDirectory, useExisting: DeskCallers },
  ],
})
export class PeopleModule {}
