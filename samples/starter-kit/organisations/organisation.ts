/** A company that runs its service desk here. Everything else belongs to exactly one. */
import { Column, Entity, PrimaryColumn } from 'tenon/data'

@Entity('organisations')
export class Organisation {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  readonly id!: string

  @Column({ type: 'varchar', length: 80, unique: true })
  name!: string

  @Column({ type: Date })
  readonly createdAt!: Date
}
