import { BaseRepository, Repository } from 'tenon/data'

import { MAXIMUM_PAGE_SIZE } from './ticket-query.ts'
import type { TicketState } from './ticket-states.ts'
import { Ticket } from './ticket.ts'

@Repository(Ticket)
export class TicketRepository extends BaseRepository<Ticket> {
  protected override readonly maximumPageSize = MAXIMUM_PAGE_SIZE

  /** Only from the state the caller saw: of two who move it at once, one is refused. */
  async move({ id, state }: Ticket, to: TicketState, updatedAt: Date): Promise<boolean> {
    return (await this.update({ id, state }, { state: to, updatedAt })) === 1
  }
}
