/** The entities and repositories that the data module's tests work with. */
import {
  BaseRepository,
  Column,
  CreateDateColumn,
  Entity,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Repository,
  UpdateDateColumn,
  VersionColumn,
  type Migration,
  type QueryRunner,
  type Relation,
} from 'tenon/data'

@Entity()
export class Customer {
  @PrimaryGeneratedColumn()
  id!: number

  @Column({ unique: true })
  email!: string

  @OneToMany(() => Ticket, (ticket) => ticket.customer)
  tickets!: Relation<Ticket[]>
}

@Entity()
export class Ticket {
  @PrimaryGeneratedColumn()
  id!: number

  @Column()
  title!: string

  @Column({ default: 'open' })
  state!: string

  @Column({ type: 'varchar', nullable: true })
  assignee!: string | null

  @ManyToOne(() => Customer, (customer) => customer.tickets, { nullable: true })
  customer!: Relation<Customer> | null

  @CreateDateColumn()
  createdAt!: Date

  @UpdateDateColumn()
  updatedAt!: Date

  @VersionColumn()
  version!: number
}

@Entity()
export class Vote {
  @PrimaryColumn()
  ticket!: number

  @PrimaryColumn()
  voter!: string
}

@Repository(Ticket)
export class Tickets extends BaseRepository<Ticket> {
  protected override readonly maximumPageSize = 50
}

@Repository(Customer)
export class Customers extends BaseRepository<Customer> {}

@Repository(Vote)
export class Votes extends BaseRepository<Vote> {}

export class CreateNotes1751328000000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE note (id INTEGER PRIMARY KEY, text VARCHAR(100) NOT NULL)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE note')
  }
}

export class FillNotes1751328000001 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("INSERT INTO note (id, text) VALUES (1, 'first')")
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM note')
  }
}
