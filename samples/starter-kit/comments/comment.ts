/** Something said about a ticket: to everybody who sees the ticket, or among agents. */
import { Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'tenon/data'

import { User } from '../accounts/user.ts'

@Entity('comments')
export class Comment {
  @PrimaryGeneratedColumn()
  readonly id!: number

  @Column({ type: 'integer' })
  readonly ticketId!: number

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
