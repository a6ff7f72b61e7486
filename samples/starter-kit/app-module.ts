/** A service desk for many organisations: each feature is a folder with a module of its own. */
import { lazy, Module, when } from 'tenon'
import { AccessModule } from 'tenon/access'
import { AuditModule } from 'tenon/audit'
import { ClientModule } from 'tenon/client'
import { ContractModule } from 'tenon/contract'
import { ObservabilityModule } from 'tenon/observability'
import { OpenApiModule } from 'tenon/openapi'
import { SecurityModule } from 'tenon/security'
import { VersioningModule } from 'tenon/versioning'

import { DESK_ROLES } from './access/roles.ts'
import { PeopleModule } from './accounts/people-module.ts'
import { CommentsModule } from './comments/comments-module.ts'
import { DatabaseModule } from './database/database-module.ts'
import { DemoGreeting } from './demo-greeting.ts'
import { IntegrationsModule } from './integrations/integrations-module.ts'
import { OrganisationsModule } from './organisations/organisations-module.ts'
import { TicketsModule } from './tickets/tickets-module.ts'
import { WebController } from './web/web-controller.ts'

@Module({
  imports: [
    ObservabilityModule,
    SecurityModule.with({ limits: [{ limit: 6000, window: '1m', name: 'all' }] }),
    AuditModule,
    AccessModule.with({ roles: DESK_ROLES }),
    VersioningModule.with({ from: 'header', defaultVersion: '2' }),
    OpenApiModule.with({ title: 'Service desk', description: 'Tickets of many organisations.' }),
    ClientModule,
    ContractModule,
    DatabaseModule,
    OrganisationsModule,
    PeopleModule,
    IntegrationsModule,
    TicketsModule,
    CommentsModule,
    lazy(() => import('./identity-provider/identity-provider-module.ts'), {
      when: when.variable('DESK_IDENTITY_PROVIDER', 'true'),
    }),
  ],
  controllers: [WebController],
  providers: [DemoGreeting],
})
export class AppModule {}
