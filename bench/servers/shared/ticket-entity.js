/** The rows of the database scenario, for TypeORM in plain JavaScript. */
import { EntitySchema } from 'typeorm'

export const Ticket = new EntitySchema({
  name: 'Ticket',
  tableName: 'tickets',
  columns: {
    id: { type: 'integer', primary: true },
    title: { type: 'varchar' },
    body: { type: 'text' },
    state: { type: 'varchar' },
    priority: { type: 'integer' },
    requester: { type: 'varchar' },
    createdAt: { type: 'varchar' },
  },
})
