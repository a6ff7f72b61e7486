import { Module } from 'tenon'
import { HistoryModule } from 'tenon/data'

import { PeopleModule } from '../accounts/people-module.ts'
import { TicketRepository } from './ticket-repository.ts'
import { TicketsController } from './tickets-controller.ts'
import { TicketsService } from './tickets-service.ts'
import { TitleBecomesSubject } from './title-becomes-subject.ts'

@Module({
  imports: [PeopleModule, HistoryModule],
  controllers: [TicketsController],
  providers: [TicketsService, TicketRepository, TitleBecomesSubject],
})
export class TicketsModule {}
