/** What TypeORM costs without any framework. */
import { openDataSource } from '../shared/data-source.js'
import { Ticket } from '../shared/ticket-entity.js'
import { serveTickets } from './serve-tickets.js'

const rows = (await openDataSource()).getRepository(Ticket)

serveTickets({
  one: (id) => rows.findOneBy({ id }),
  some: (take) => rows.find({ order: { id: 'ASC' }, take }),
})
