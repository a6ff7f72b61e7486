import { Doc } from 'tenon'
import { Expose, IsIn, IsOptional, IsString, Type } from 'tenon/validation'

import { PersonView } from '../accounts/user-view.ts'
import { PRIORITIES } from './ticket-priorities.ts'
import { TICKET_STATES } from './ticket-states.ts'

export class TicketView {
  @Expose() readonly id!: number
  @Expose() readonly subject!: string
  @Expose() readonly description!: string
  @Expose() @IsIn(TICKET_STATES) readonly state!: string
  @Expose() @IsIn(PRIORITIES) readonly priority!: string
  @Expose() @Type(() => PersonView) readonly requester!: PersonView
  @Doc({ description: '`null` until somebody takes it.', nullable: true })
  @Expose()
  @Type(() => PersonView)
  readonly assignee!: PersonView | null
  @Doc({ description: 'For agents; customers do not get it.', nullable: true })
  @IsOptional()
  @IsString()
  @Expose()
  readonly internalNotes?: string | null
  @Expose() readonly createdAt!: Date
  @Expose() readonly updatedAt!: Date
  @Doc({ description: "For `If-Match`, so that nobody's change is overwritten unseen." })
  @Expose()
  readonly version!: number
}

/** Some of the tickets that were asked for. */
export class TicketPage {
  @Expose() @Type(() => TicketView) readonly items!: readonly TicketView[]
  @Expose() readonly page!: number
  @Expose() readonly size!: number
  @Expose() readonly total!: number
  @Expose() readonly pages!: number
}
