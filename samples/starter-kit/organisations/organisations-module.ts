import { Module } from 'tenon'

import { OrganisationRepository } from './organisation-repository.ts'
import { OrganisationsController } from './organisations-controller.ts'
import { OrganisationsService } from './organisations-service.ts'

@Module({
  controllers: [OrganisationsController],
  providers: [OrganisationsService, OrganisationRepository],
})
export class OrganisationsModule {}
