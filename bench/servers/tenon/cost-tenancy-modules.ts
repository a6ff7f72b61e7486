/** One row of a tenant: named by the request, confirmed, and part of the statement. Row-level security by variable. */
import { env } from 'node:process'

import { Controller, createApp, Get, Module, Param, Public, Returns } from 'tenon'
import { BaseRepository, DataModule, Entity, Repository } from 'tenon/data'
import { TenancyModule, TenantDirectory, TenantScoped, type TenantRecord } from 'tenon/tenancy'

import { TicketColumns, TicketView } from './ticket-columns.ts'

@TenantScoped()
@Entity('tickets')
class Ticket extends TicketColumns {}

@Repository(Ticket)
class Tickets extends BaseRepository<Ticket> {}

@TenantScoped()
@Public('Who calls is measured elsewhere.')
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

class OneTenant extends TenantDirectory {
  async find(id: string): Promise<TenantRecord> {
    return { id, name: id, state: 'active', settings: {}, limits: {} }
  }
}

const tenancy = TenancyModule.with({ rowSecurity: env['TENANCY_ROW_SECURITY'] === 'true' })

@Module({
  imports: [DataModule, tenancy],
  controllers: [TicketsController],
  providers: [Tickets, { provide: TenantDirectory, useClass: OneTenant, primary: true }],
})
class AppModule {}

const app = await createApp(AppModule)
await app.listen()
