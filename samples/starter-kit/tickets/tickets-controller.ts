import {
  BadRequestException,
  Body,
  Controller,
  CurrentUser,
  Get,
  Header,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Returns,
  Throws,
} from 'tenon'
import { VersionConflict, type Page } from 'tenon/data'

import type { Caller } from '../access/caller.ts'
import { EVERYONE, Roles } from '../access/roles.ts'
import { TicketQuery } from './ticket-query.ts'
import { NewTicket, TicketChanges, Transition } from './ticket-requests.ts'
import { TicketPage, TicketView } from './ticket-view.ts'
import { Ticket } from './ticket.ts'
import { AssigneeUnsuitable, TicketClosed, TicketNotFound, TransitionRefused } from './tickets-errors.ts'
import { TicketsService } from './tickets-service.ts'

@Controller('/api/tickets')
@Roles(...EVERYONE)
export class TicketsController {
  readonly #tickets: TicketsService

  constructor(tickets: TicketsService) {
    this.#tickets = tickets
  }

  @Get()
  @Returns(TicketPage)
  list(@Query() query: TicketQuery, @CurrentUser() caller: Caller): Promise<Page<Ticket>> {
    return this.#tickets.list(caller, query)
  }

  @Post()
  @Returns(TicketView)
  open(@Body() ticket: NewTicket, @CurrentUser() caller: Caller): Promise<Ticket> {
    return this.#tickets.open(caller, ticket)
  }

  @Get('/:id')
  @Returns(TicketView)
  @Throws(TicketNotFound)
  get(@Param('id') id: number, @CurrentUser() caller: Caller): Promise<Ticket> {
    return this.#tickets.get(caller, id)
  }

  @Patch('/:id')
  @Roles('agent', 'admin')
  @Returns(TicketView)
  @Throws(TicketNotFound, TicketClosed, AssigneeUnsuitable, VersionConflict)
  change(
    @Param('id') id: number,
    @Body() changes: TicketChanges,
    @CurrentUser() caller: Caller,
    @Header('if-match') ifMatch?: string,
  ): Promise<Ticket> {
    return this.#tickets.change(caller, id, changes, readVersion(ifMatch))
  }

  @Post('/:id/transitions')
  @HttpCode(200)
  @Roles('agent', 'admin')
  @Returns(TicketView)
  @Throws(TicketNotFound, TransitionRefused)
  move(@Param('id') id: number, @Body() { state }: Transition, @CurrentUser() caller: Caller): Promise<Ticket> {
    return this.#tickets.move(caller, id, state)
  }
}

/** The version that a caller has seen, in the quotes of an entity tag or without; `*` and nothing mean any. */
function readVersion(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch === '*') return undefined
  const [, version] = /^"?(\d{1,9})"?$/.exec(ifMatch) ?? []
  if (version === undefined) throw new BadRequestException('If-Match must be the version of the ticket.')
  return Number(version)
}
