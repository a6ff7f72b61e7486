/** What a customer asked for, and how far it has come. */
import {
  Audited,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  VersionColumn,
  type Relation,
} from 'tenon/data'
import { TenantScoped } from 'tenon/tenancy'

import { User } from '../accounts/user.ts'
import { PRIORITY_RANK, type Priority } from './ticket-priorities.ts'
import type { TicketState } from './ticket-states.ts'

@Entity('tickets')
@TenantScoped({ property: 'organisationId' })
@Audited()
@Index(['organisationId', 'updatedAt'])
@Index(['organisationId', 'requesterId'])
export class Ticket {
  @PrimaryGeneratedColumn()
  readonly id!: number

  @Column({ type: 'varchar', length: 48 })
  readonly organisationId!: string

  @Column({ type: 'varchar', length: 120 })
  subject!: string

  @Column({ type: 'text' })
  description!: string

  @Column({ type: 'varchar', length: 16 })
  state!: TicketState

  @Column({ type: 'integer', transformer: PRIORITY_RANK })
  priority!: Priority

  @Column({ type: 'varchar', length: 36 })
  readonly requesterId!: string

  @ManyToOne(() => User)
  @JoinColumn({ name: 'requesterId' })
  readonly requester!: Relation<User>

  @Column({ type: 'varchar', length: 36, nullable: true })
  assigneeId!: string | null

  @ManyToOne(() => User)
  @JoinColumn({ name: 'assigneeId' })
  readonly assignee!: Relation<User> | null

  /** What customers never read. */
  @Column({ type: 'text', nullable: true })
  internalNotes!: string | null

  @Column({ type: Date })
  readonly createdAt!: Date

  @Column({ type: Date })
  updatedAt!: Date

  /** Counts changes: of two who change the same version, one is refused. */
  @VersionColumn()
  readonly version!: number
}
