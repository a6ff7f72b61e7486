/** A task. */
import { Column, Entity, PrimaryGeneratedColumn } from 'tenon/data'

@Entity('tasks')
export class Task {
  @PrimaryGeneratedColumn()
  readonly id!: number

  @Column({ type: 'varchar', length: 255 })
  title!: string

  @Column({ type: 'date', nullable: true })
  dueOn!: string | null

  @Column({ type: 'boolean', default: false })
  isDone!: boolean

  @Column({ type: Date })
  readonly createdAt!: Date

  @Column({ type: Date })
  updatedAt!: Date
}
