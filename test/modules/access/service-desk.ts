/** A small service desk: the program that most tests of access are about. */
import { Body, Controller, Delete, Get, HttpCode, Module, Param, Patch, Post, type Principal } from 'tenon'
import {
  Access,
  AccessModule,
  anyOf,
  Authenticated,
  Authorize,
  definePolicy,
  permission,
  Public,
  role,
  Roles,
  Scopes,
} from 'tenon/access'
import {
  BaseRepository,
  Column,
  DataModule,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  Repository,
  type Relation,
} from 'tenon/data'
import { IsOptional, IsString } from 'tenon/validation'

declare module 'tenon' {
  interface Principal {
    readonly teams?: readonly string[]
  }
}

@Entity('projects')
export class Project {
  @PrimaryColumn() readonly id!: number
  @Column() readonly ownerId!: string
}

@Entity('desk_tickets')
export class Ticket {
  @PrimaryColumn() readonly id!: number
  @Column() subject!: string
  @Column() state!: string
  @Column() requesterId!: string
  @Column({ type: 'varchar', nullable: true }) internalNotes!: string | null
  @Column({ nullable: true }) projectId!: number | null
  @ManyToOne(() => Project, { nullable: true })
  @JoinColumn({ name: 'projectId' })
  readonly project?: Relation<Project> | null
}

export const TicketPolicy = definePolicy(Ticket, (user, ticket, { allow, deny }) => {
  allow('read', 'create').when(ticket.requesterId.equals(user.id))
  allow('update').fields('subject').when(ticket.requesterId.equals(user.id), ticket.state.equals('open'))
  allow('read', 'update').when(role('agent'))
  allow('read').when(ticket.project.ownerId.equals(user.id))
  allow('delete').when(role('admin'))
  deny('delete').when(ticket.state.equals('closed')).because('closed tickets are kept')
  deny('read', 'update').fields('internalNotes').unless(role('agent'))
  deny('update').fields('id', 'requesterId').unless(role('admin'))
})

@Repository(Ticket)
export class Tickets extends BaseRepository<Ticket> {}

@Repository(Project)
export class Projects extends BaseRepository<Project> {}

export class TicketChanges {
  @IsOptional() @IsString() subject?: string
  @IsOptional() @IsString() state?: string
  @IsOptional() @IsString() internalNotes?: string
  @IsOptional() @IsString() requesterId?: string
}

@Controller('/tickets')
@Authenticated()
export class TicketsController {
  readonly #tickets: Tickets
  readonly #access: Access

  constructor(tickets: Tickets, access: Access) {
    this.#tickets = tickets
    this.#access = access
  }

  @Get()
  @Authorize(TicketPolicy, 'read')
  list(): Promise<readonly Ticket[]> {
    return this.#visible('read')
  }

  @Get('/page')
  @Authorize(TicketPolicy, 'read')
  page(): Promise<object> {
    return this.#tickets.where(this.#access.visible(Ticket, 'read')).paginate({ size: 10 })
  }

  @Get('/:id')
  @Authorize(TicketPolicy, 'read', { by: 'id' })
  get(@Param('id') _id: number): Ticket {
    return this.#access.loaded(Ticket)!
  }

  @Patch('/:id')
  @Authorize(TicketPolicy, 'update', { by: 'id' })
  async change(@Param('id') id: number, @Body() changes: TicketChanges): Promise<Ticket> {
    if (Object.keys(changes).length > 0) await this.#tickets.update(id, { ...changes })
    return this.#tickets.findOrFail(id)
  }

  @Patch('/:id/quietly')
  @Authorize(TicketPolicy, 'update', { by: 'id', fields: 'drop' })
  async changeQuietly(@Param('id') id: number, @Body() changes: TicketChanges): Promise<Ticket> {
    if (Object.keys(changes).length > 0) await this.#tickets.update(id, { ...changes })
    return this.#tickets.findOrFail(id)
  }

  @Delete('/:id')
  @HttpCode(204)
  @Authorize(TicketPolicy, 'delete', { by: 'id' })
  async remove(@Param('id') id: number): Promise<void> {
    await this.#tickets.delete(id)
  }

  @Post('/close-all')
  @Authorize(TicketPolicy, 'update')
  async closeAll(): Promise<{ closed: number }> {
    const closed = await this.#tickets
      .where(this.#access.visible(Ticket, 'update', { fields: ['state'] }))
      .update({ state: 'closed' })
    return { closed }
  }

  @Delete()
  @Authorize(TicketPolicy, 'delete')
  async removeAll(): Promise<{ removed: number }> {
    return { removed: await this.#tickets.where(this.#access.visible(Ticket, 'delete')).delete() }
  }

  #visible(action: string): Promise<Ticket[]> {
    return this.#tickets.find({ where: this.#access.visible(Ticket, action), order: { id: 'ASC' } })
  }
}

@Controller('/admin')
@Roles('admin')
export class AdminController {
  @Get('/secrets')
  secrets(): string {
    return 'secrets'
  }

  @Get('/statistics')
  @Roles('agent')
  statistics(): string {
    return 'statistics'
  }

  @Get('/status')
  @Public('a status page')
  status(): string {
    return 'up'
  }

  @Get('/reports')
  @Authorize('reports:read')
  reports(): string {
    return 'reports'
  }

  @Get('/audit')
  @Authorize(anyOf(role('auditor'), permission('audit:read')))
  audit(): string {
    return 'audit'
  }

  @Get('/orders')
  @Roles('agent')
  @Scopes('orders:read')
  orders(): string {
    return 'orders'
  }
}

@Module({
  imports: [
    DataModule.with({ synchronize: true }),
    AccessModule.with({
      roles: {
        admin: { includes: ['agent'], permissions: ['audit:read'] },
        agent: { includes: ['customer'], permissions: ['reports:read'] },
        customer: {},
        auditor: {},
      },
    }),
  ],
  controllers: [TicketsController, AdminController],
  providers: [Tickets, Projects],
})
export class DeskModule {}

export const ADA: Principal = { id: 'ada', roles: ['admin'] }
export const ABE: Principal = { id: 'abe', roles: ['agent'] }
export const CLEO: Principal = { id: 'cleo', roles: ['customer'] }
export const CARL: Principal = { id: 'carl', roles: ['customer'] }

/** Cleo's: 1 and 2 (closed); Carl's: 3, in a project of Cleo's; 4 of nobody here. */
export async function fillDesk(app: { get<T>(type: new (...args: any[]) => T): T }): Promise<void> {
  await app.get(Projects).insert({ id: 7, ownerId: 'cleo' })
  await app.get(Tickets).insertMany([
    { id: 1, subject: 'Printer', state: 'open', requesterId: 'cleo', internalNotes: 'again', projectId: null },
    { id: 2, subject: 'Screen', state: 'closed', requesterId: 'cleo', internalNotes: null, projectId: null },
    { id: 3, subject: 'Mouse', state: 'open', requesterId: 'carl', internalNotes: 'cat', projectId: 7 },
    { id: 4, subject: 'Door', state: 'open', requesterId: 'dora', internalNotes: 'key', projectId: null },
  ])
}
