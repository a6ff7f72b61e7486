/** A service desk for many organisations: each feature is a folder with a module of its own. */
import { Module } from 'tenon'

import { AccessModule } from './access/access-module.ts'
import { AccountsModule } from './accounts/accounts-module.ts'
import { CommentsModule } from './comments/comments-module.ts'
import { DatabaseModule } from './database/database-module.ts'
import { DemoGreeting } from './demo-greeting.ts'
import { OrganisationsModule } from './organisations/organisations-module.ts'
import { TicketsModule } from './tickets/tickets-module.ts'
import { WelcomeController } from './welcome-controller.ts'

@Module({
  imports: [DatabaseModule, AccessModule, OrganisationsModule, AccountsModule, TicketsModule, CommentsModule],
  controllers: [WelcomeController],
  providers: [DemoGreeting],
})
export class AppModule {}
