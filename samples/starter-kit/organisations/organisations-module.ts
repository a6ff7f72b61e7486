import { Module } from 'tenon'
import { TenancyModule } from 'tenon/tenancy'

import { OrganisationsController } from './organisations-controller.ts'
import { OrganisationsService } from './organisations-service.ts'

@Module({
  imports: [TenancyModule.with({ from: ['caller'] })],
  controllers: [OrganisationsController],
  providers: [OrganisationsService],
})
export class OrganisationsModule {}
