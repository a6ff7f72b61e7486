import { Controller, createApp, Get, Module, Param, Query } from 'tenon'
import { BaseRepository, Column, DataModule, Entity, PrimaryColumn, Repository } from 'tenon/data'

import { observed } from './observed.ts'

@Entity('tickets')
class Ticket {
  @PrimaryColumn({ type: 'integer' })
  readonly id!: number

  @Column({ type: 'varchar' })
  readonly title!: string

  @Column({ type: 'text' })
  readonly body!: string

  @Column({ type: 'varchar' })
  readonly state!: string

  @Column({ type: 'integer' })
  readonly priority!: number

  @Column({ type: 'varchar' })
  readonly requester!: string

  @Column({ type: 'varchar' })
  readonly createdAt!: string
}

@Repository(Ticket)
class Tickets extends BaseRepository<Ticket> {}

@Controller('/tickets')
class TicketsController {
  readonly #tickets: Tickets

  constructor(tickets: Tickets) {
    this.#tickets = tickets
  }

  @Get('/:id')
  find(@Param('id') id: number): Promise<Ticket> {
    return this.#tickets.findOrFail(id)
  }

  @Get()
  list(@Query('limit') take: number): Promise<Ticket[]> {
    return this.#tickets.find({ order: { id: 'ASC' }, take })
  }
}

@Module({ imports: [DataModule], controllers: [TicketsController], providers: [Tickets] })
class AppModule {}

const app = await createApp(AppModule, ...(await observed()))
await app.listen()
