/** One change of one row, as it is kept. */
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm'

export type ChangeAction = 'insert' | 'update' | 'delete'

/** A value before and after; nothing of them where the property is masked. */
export interface FieldChange {
  readonly from?: unknown
  readonly to?: unknown
}

@Entity('data_history')
@Index(['entity', 'key'])
export class EntityChange {
  @PrimaryGeneratedColumn()
  readonly id!: number

  /** The name of the entity's class. */
  @Column({ type: 'varchar', length: 100 })
  readonly entity!: string

  /** The primary key as text; of several columns, as a JSON list. */
  @Column({ type: 'varchar', length: 200 })
  readonly key!: string

  @Column({ type: 'varchar', length: 6 })
  readonly action!: ChangeAction

  /** By property. */
  @Column({ type: 'simple-json' })
  readonly changes!: Readonly<Record<string, FieldChange>>

  /** The id of the caller; empty outside of calls. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  readonly by!: string | null

  /** Who acted in the name of the caller. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  readonly actor!: string | null

  @Column({ type: 'varchar', length: 64, nullable: true })
  readonly tenant!: string | null

  /** The id of the call, as in logs. */
  @Column({ type: 'varchar', length: 128, nullable: true })
  readonly callId!: string | null

  /** Milliseconds since the epoch. */
  @Column({ type: 'bigint', transformer: { from: Number, to: (at: number) => at } })
  readonly at!: number
}
