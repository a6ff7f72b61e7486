/** The desk for tenants with databases of their own: nothing of a tenant points at what is everybody's. */
import { Body, Controller, ctx, Delete, Get, Module, NoTenant, Param, Patch, Post, Query } from 'tenon'
import {
  BaseRepository,
  Column,
  DataModule,
  DeleteDateColumn,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  Repository,
  Transactional,
  Unique,
  type CursorPage,
  type Relation,
} from 'tenon/data'
import { TenancyModule, TenantScoped } from 'tenon/tenancy'
import { IsInt, IsOptional, IsString } from 'class-validator'

@NoTenant('Notices are for all.')
@Entity()
export class Notice {
  @PrimaryGeneratedColumn() id!: number
  @Column() text!: string
}

@TenantScoped()
@Entity()
@Unique(['tenantId', 'email'])
export class Customer {
  @PrimaryGeneratedColumn() id!: number
  @Column({ type: 'varchar', length: 64 }) tenantId!: string
  @Column() email!: string
  @OneToMany(() => Ticket, (ticket) => ticket.customer) tickets!: Relation<Ticket[]>
}

@TenantScoped()
@Entity()
export class Label {
  @PrimaryGeneratedColumn() id!: number
  @Column() text!: string
}

@TenantScoped()
@Entity()
export class Ticket {
  @PrimaryGeneratedColumn() id!: number
  tenantId!: string
  @Column() title!: string
  @Column({ default: 0 }) rank!: number
  @ManyToOne(() => Customer, (customer) => customer.tickets, { nullable: true }) customer!: Relation<Customer> | null
  @ManyToMany(() => Label) @JoinTable() labels!: Relation<Label[]>
  @DeleteDateColumn() deletedAt!: Date | null
}

@Repository(Notice)
export class Notices extends BaseRepository<Notice> {}

@Repository(Customer)
export class Customers extends BaseRepository<Customer> {}

@Repository(Label)
export class Labels extends BaseRepository<Label> {}

@Repository(Ticket)
export class Tickets extends BaseRepository<Ticket> {}

class NewTicket {
  @IsString() title!: string
  @IsOptional() @IsInt() customer?: number
}

@TenantScoped()
@Controller('/tickets')
export class TicketsController {
  constructor(
    private readonly tickets: Tickets,
    private readonly notices: Notices,
  ) {}

  @Get() list(): Promise<Ticket[]> {
    return this.tickets.find({ order: { id: 'ASC' } })
  }

  @Get('/page') page(@Query('after') after?: string): Promise<CursorPage<Ticket>> {
    return this.tickets
      .query()
      .orderBy({ title: 'ASC' })
      .paginateByCursor({ size: 2, ...(after && { after }) })
  }

  @Get('/notices') async both(): Promise<object> {
    return { tenant: ctx().tenant, tickets: await this.tickets.count(), notices: await this.notices.count() }
  }

  @Get('/:id') get(@Param('id') id: number): Promise<Ticket> {
    return this.tickets.findOrFail(id)
  }

  @Post() create(@Body() { title, customer }: NewTicket): Promise<Ticket> {
    return this.tickets.insert({ title, ...(customer !== undefined && { customer: { id: customer } }) })
  }

  @Transactional()
  @Post('/fail')
  async fail(@Body() { title }: NewTicket): Promise<void> {
    await this.tickets.insert({ title })
    throw new Error('after the row was written')
  }

  @Patch('/:id') async rename(@Param('id') id: number, @Body() { title }: NewTicket): Promise<{ changed: number }> {
    return { changed: await this.tickets.update(id, { title }) }
  }

  @Delete('/:id') async remove(@Param('id') id: number): Promise<{ removed: number }> {
    return { removed: await this.tickets.delete(id) }
  }
}

@Module({
  imports: [DataModule, TenancyModule],
  controllers: [TicketsController],
  providers: [Notices, Customers, Labels, Tickets],
})
export class ApartDeskModule {}
