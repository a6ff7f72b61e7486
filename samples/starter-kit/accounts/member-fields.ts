import { Doc } from 'tenon'
import { Expose, IsString } from 'tenon/validation'

/** What is told of whoever belongs to an organisation, or was asked to. */
export abstract class MemberFields {
  @Expose() readonly id!: string
  @Expose() readonly email!: string
  @Expose() readonly name!: string
  @Expose() @IsString({ each: true }) readonly roles!: string[]
  @Doc({ nullable: true })
  @Expose()
  @IsString()
  readonly organisationId!: string | null
  @Expose() readonly createdAt!: Date
}
