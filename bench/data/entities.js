/** What the reads are measured on: a ticket of ten columns, its customer and its votes. */
import {
  BaseRepository,
  Column,
  Entity,
  Index,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  Repository,
} from '../../dist/modules/data/index.js'

export class Customer {}
export class Ticket {}
export class Vote {}

PrimaryGeneratedColumn()(Customer.prototype, 'id')
Column({ type: String })(Customer.prototype, 'email')
Column({ type: String })(Customer.prototype, 'name')
Entity('customer')(Customer)

PrimaryGeneratedColumn()(Ticket.prototype, 'id')
for (const name of ['title', 'state', 'assignee', 'channel', 'text']) Column({ type: String })(Ticket.prototype, name)
for (const name of ['priority', 'version', 'points']) Column({ type: Number })(Ticket.prototype, name)
Column({ type: Boolean })(Ticket.prototype, 'urgent')
ManyToOne(() => Customer)(Ticket.prototype, 'customer')
OneToMany(() => Vote, 'ticket')(Ticket.prototype, 'votes')
Entity('ticket')(Ticket)

PrimaryGeneratedColumn()(Vote.prototype, 'id')
Column({ type: String })(Vote.prototype, 'voter')
ManyToOne(() => Ticket, 'votes')(Vote.prototype, 'ticket')
Index()(Vote.prototype, 'ticket')
Entity('vote')(Vote)

export class Tickets extends BaseRepository {}
Repository(Ticket)(Tickets)

/** 500 tickets with two votes each: 1,000 rows when both relations are joined. */
export async function fill(source) {
  const customers = await source
    .getRepository(Customer)
    .save(Array.from({ length: 50 }, (_, n) => ({ email: `c${n}@example.com`, name: `Customer ${n}` })))
  const tickets = await source.getRepository(Ticket).save(
    Array.from({ length: 500 }, (_, n) => ({
      title: `Ticket ${n}`,
      state: 'open',
      assignee: 'ann',
      channel: 'mail',
      text: 'The printer is on fire again.',
      priority: n % 5,
      version: 1,
      points: n,
      urgent: n % 2 === 0,
      customer: customers[n % 50],
    })),
  )
  await source.getRepository(Vote).save(
    tickets.flatMap((ticket) => [
      { voter: 'bob', ticket },
      { voter: 'eve', ticket },
    ]),
    { chunk: 200 },
  )
}
