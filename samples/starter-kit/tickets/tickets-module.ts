import { Module } from 'tenon'

import { AccountsModule } from '../accounts/accounts-module.ts'
import { TicketRepository } from './ticket-repository.ts'
import { TicketsController } from './tickets-controller.ts'
import { TicketsService } from './tickets-service.ts'

@Module({
  imports: [AccountsModule],
  controllers: [TicketsController],
  providers: [TicketsService, TicketRepository],
})
export class TicketsModule {}
