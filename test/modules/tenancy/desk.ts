/** A service desk of many organisations: the entities, repositories and endpoints that the tenancy module's tests attack. */
import {
  Body,
  Controller,
  ctx,
  currentTenant,
  Delete,
  Get,
  Module,
  NoTenant,
  Param,
  Patch,
  Post,
  Public,
  Query,
} from 'tenon'
import {
  BaseRepository,
  Column,
  DataModule,
  DeleteDateColumn,
  Entity,
  Index,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  Repository,
  Unique,
  type CursorPage,
  type Relation,
} from 'tenon/data'
import { acrossTenants, TenancyModule, TenantScoped } from 'tenon/tenancy'
import { IsInt, IsOptional, IsString } from 'class-validator'

@NoTenant('Plans are the same for all.')
@Entity()
export class Plan {
  @PrimaryGeneratedColumn() id!: number
  @Column({ unique: true }) name!: string
}

@TenantScoped()
@Entity()
@Unique(['tenantId', 'email'])
export class Customer {
  @PrimaryGeneratedColumn() id!: number
  @Column({ type: 'varchar', length: 64 }) tenantId!: string
  @Column() email!: string
  @ManyToOne(() => Plan, { nullable: true }) plan!: Relation<Plan> | null
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
  @Index() @Column() title!: string
  @Column({ default: 0 }) rank!: number
  @ManyToOne(() => Customer, (customer) => customer.tickets, { nullable: true }) customer!: Relation<Customer> | null
  @ManyToMany(() => Label) @JoinTable() labels!: Relation<Label[]>
  @DeleteDateColumn() deletedAt!: Date | null
}

@Repository(Plan)
export class Plans extends BaseRepository<Plan> {}

@Repository(Customer)
export class Customers extends BaseRepository<Customer> {}

@Repository(Label)
export class Labels extends BaseRepository<Label> {}

@Repository(Ticket)
export class Tickets extends BaseRepository<Ticket> {
  titles(): Promise<{ title: string }[]> {
    const tenant = currentTenant()
    return this.sql<{ title: string }>`SELECT title FROM ticket WHERE ${tenant} = "tenantId" ORDER BY id`
  }

  raw(text: string, parameters: unknown[] = []): Promise<{ title: string }[]> {
    return this.manager.query(text, parameters)
  }
}

class NewTicket {
  @IsString() title!: string
  @IsOptional() @IsInt() customer?: number
}

@TenantScoped()
@Controller('/tickets')
export class TicketsController {
  constructor(private readonly tickets: Tickets) {}

  @Get() list(): Promise<Ticket[]> {
    return this.tickets.find({ order: { id: 'ASC' } })
  }

  @Get('/page') page(@Query('after') after?: string): Promise<CursorPage<Ticket>> {
    return this.tickets
      .query()
      .orderBy({ title: 'ASC' })
      .paginateByCursor({ size: 2, ...(after && { after }) })
  }

  @Get('/:id') get(@Param('id') id: number): Promise<Ticket> {
    return this.tickets.findOrFail(id)
  }

  @Post() create(@Body() { title, customer }: NewTicket): Promise<Ticket> {
    return this.tickets.insert({ title, ...(customer !== undefined && { customer: { id: customer } }) })
  }

  @Patch('/:id') async rename(@Param('id') id: number, @Body() { title }: NewTicket): Promise<{ changed: number }> {
    return { changed: await this.tickets.update(id, { title }) }
  }

  @Delete('/:id') async remove(@Param('id') id: number): Promise<{ removed: number }> {
    return { removed: await this.tickets.delete(id) }
  }

  @Get('/sums/all') async sums(): Promise<object> {
    const all = await acrossTenants('the sum over all', () => this.tickets.count())
    return { own: await this.tickets.count(), all, tenant: ctx().tenant }
  }
}

@Public('a lobby')
@NoTenant('Nobody is known here.')
@Controller('/lobby')
export class LobbyController {
  constructor(
    private readonly tickets: Tickets,
    private readonly plans: Plans,
  ) {}

  @Get() async plansOf(): Promise<object> {
    return { tenant: ctx().tenant ?? null, plans: await this.plans.count() }
  }

  @Get('/leak') leak(): Promise<Ticket[]> {
    return this.tickets.find()
  }

  @Get('/sum') async sum(): Promise<object> {
    return { all: await acrossTenants('shown in the lobby', () => this.tickets.count()) }
  }
}

@Module({
  imports: [DataModule, TenancyModule],
  controllers: [TicketsController, LobbyController],
  providers: [Plans, Customers, Labels, Tickets],
})
export class DeskModule {}
