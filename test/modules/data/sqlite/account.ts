/** The entity that the driver's tests move money with. */
import { Column, Entity, PrimaryColumn } from 'typeorm'

@Entity()
export class Account {
  @PrimaryColumn('text')
  name!: string

  @Column('integer', { default: 0 })
  balance!: number
}
