/** Something said about a ticket: to everybody who sees the ticket, or among agents. */
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'tenon/data'
import { TenantScoped } from 'tenon/tenancy'

import { User } from '../accounts/user.ts'
import { Ticket } from '../tickets/ticket.ts'

@Entity('comments')
@TenantScoped({ property: 'organisationId' })
@Index(['organisationId', 'ticketId', 'id'])
export class Comment {
  @PrimaryGeneratedColumn()
  readonly id!: number

  @Column({ type: 'varchar', length: 48 })
  readonly organisationId!: string

  @Column({ type: 'integer' })
  readonly ticketId!: number

  @ManyToOne(() => Ticket)
  @JoinColumn({ name: 'ticketId' })
  readonly ticket!: Relation<Ticket>

  @Column({ type: 'varchar', length: 36 })
  readonly authorId!: string

  @ManyToOne(() => User)
  @JoinColumn({ name: 'authorId' })
  readonly author!: Relation<User>

  @Column({ type: 'text' })
  readonly body!: string

  /** A note that customers never read. */
  @Column({ type: 'boolean' })
  readonly isInternal!: boolean

  @Column({ type: Date })
  readonly createdAt!: Date
}
