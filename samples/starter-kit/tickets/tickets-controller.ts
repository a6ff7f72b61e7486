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
  type Principal,
} from 'tenon'
import { Authorize } from 'tenon/access'
import { VersionConflict, type Page } from 'tenon/data'
import { TenantScoped } from 'tenon/tenancy'
import { Deprecated, Version } from 'tenon/versioning'

import { ChangeView, HistoryQuery, viewChange } from './change-view.ts'
import { TicketPolicy } from './ticket-policy.ts'
import { TicketQuery } from './ticket-query.ts'
import { NewTicket, TicketChanges, Transition } from './ticket-requests.ts'
import { TicketPage, TicketView } from './ticket-view.ts'
import { Ticket } from './ticket.ts'
import { AssigneeUnsuitable, TicketClosed, TransitionRefused } from './tickets-errors.ts'
import { TicketsService } from './tickets-service.ts'

@Controller({ path: '/api/tickets', tags: ['Tickets'] })
@Version('1', '2')
@TenantScoped()
export class TicketsController {
  readonly #tickets: TicketsService

  constructor(tickets: TicketsService) {
    this.#tickets = tickets
  }

  @Get()
  @Authorize('tickets:read')
  @Authorize(TicketPolicy, 'read')
  @Returns(TicketPage)
  list(@Query() query: TicketQuery): Promise<Page<Ticket>> {
    return this.#tickets.list(query)
  }

  @Post()
  @Authorize('tickets:write')
  @Authorize(TicketPolicy, 'create')
  @Returns(TicketView)
  open(@Body() ticket: NewTicket, @CurrentUser() { id }: Principal): Promise<Ticket> {
    return this.#tickets.open(id, ticket)
  }

  @Get('/:id')
  @Authorize('tickets:read')
  @Authorize(TicketPolicy, 'read', { by: 'id' })
  @Returns(TicketView)
  get(@Param('id') id: number): Promise<Ticket> {
    return this.#tickets.get(id)
  }

  @Patch('/:id')
  @Authorize('tickets:work')
  @Authorize(TicketPolicy, 'update', { by: 'id' })
  @Returns(TicketView)
  @Throws(TicketClosed, AssigneeUnsuitable, VersionConflict, BadRequestException)
  change(
    @Param('id') id: number,
    @Body() changes: TicketChanges,
    @Header('if-match') ifMatch?: string,
  ): Promise<Ticket> {
    return this.#tickets.change(id, changes, readVersion(ifMatch))
  }

  @Post('/:id/transitions')
  @HttpCode(200)
  @Authorize('tickets:work')
  @Authorize(TicketPolicy, 'move', { by: 'id' })
  @Returns(TicketView)
  @Throws(TransitionRefused)
  move(@Param('id') id: number, @Body() { state }: Transition): Promise<Ticket> {
    return this.#tickets.move(id, state)
  }

  /** Older than the transitions, which can do it as well. */
  @Post('/:id/close')
  @HttpCode(200)
  @Deprecated({ since: '2026-03-01', sunset: '2099-12-31', replacement: '/api/tickets/{id}/transitions' })
  @Authorize('tickets:work')
  @Authorize(TicketPolicy, 'move', { by: 'id' })
  @Returns(TicketView)
  @Throws(TransitionRefused)
  close(@Param('id') id: number): Promise<Ticket> {
    return this.#tickets.move(id, 'closed')
  }

  @Get('/:id/history')
  @Authorize('tickets:work')
  @Authorize(TicketPolicy, 'review', { by: 'id' })
  @Returns(ChangeView, { array: true })
  async history(@Param('id') id: number, @Query() { before }: HistoryQuery): Promise<ChangeView[]> {
    return (await this.#tickets.history(id, before)).map(viewChange)
  }
}

/** The version that a caller has seen, in the quotes of an entity tag or without; `*` and nothing mean any. */
function readVersion(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch === '*') return undefined
  const [, version] = /^"?(\d{1,9})"?$/.exec(ifMatch) ?? []
  if (version === undefined) throw new BadRequestException('If-Match must be the version of the ticket.')
  return Number(version)
}
