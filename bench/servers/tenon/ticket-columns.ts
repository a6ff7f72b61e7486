/** A ticket as entities map it and as callers get it, whoever it belongs to. */
import { Column, PrimaryColumn } from 'tenon/data'
import { Expose } from 'tenon/validation'

export abstract class TicketColumns {
  @PrimaryColumn({ type: 'integer' })
  readonly id!: number

  @Column({ type: 'varchar' })
  readonly title!: string

  @Column({ type: 'text' })
  readonly body!: string

  @Column({ type: 'varchar' })
  readonly state!: string

  @Column({ type: 'integer' })
  readonly priority!: number

  @Column({ type: 'varchar' })
  readonly requester!: string

  @Column({ type: 'varchar' })
  readonly createdAt!: string
}

export class TicketView {
  @Expose() readonly id!: number
  @Expose() readonly title!: string
  @Expose() readonly body!: string
  @Expose() readonly state!: string
  @Expose() readonly priority!: number
  @Expose() readonly requester!: string
  @Expose() readonly createdAt!: string
}
