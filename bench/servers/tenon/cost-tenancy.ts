/** What `cost-tenancy-modules` is without tenants. */
import { Controller, createApp, Get, Module, Param, Returns } from 'tenon'
import { BaseRepository, DataModule, Entity, Repository } from 'tenon/data'

import { TicketColumns, TicketView } from './ticket-columns.ts'

@Entity('tickets')
class Ticket extends TicketColumns {}

@Repository(Ticket)
class Tickets extends BaseRepository<Ticket> {}

@Controller('/tickets')
class TicketsController {
  readonly #tickets: Tickets

  constructor(tickets: Tickets) {
    this.#tickets = tickets
  }

  @Returns(TicketView)
  @Get('/:id')
  find(@Param('id') id: number): Promise<Ticket> {
    return this.#tickets.findOrFail(id)
  }
}

@Module({ imports: [DataModule], controllers: [TicketsController], providers: [Tickets] })
class AppModule {}

const app = await createApp(AppModule)
await app.listen()
