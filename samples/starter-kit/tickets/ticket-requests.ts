/** What callers send about tickets. */
import { IsIn, IsOptional, IsUUID, Length } from 'tenon/validation'

import { PRIORITIES, type Priority } from './ticket-priorities.ts'
import { TICKET_STATES, type TicketState } from './ticket-states.ts'

export class NewTicket {
  @Length(3, 120)
  readonly subject!: string

  @Length(1, 10_000)
  readonly description!: string

  @IsIn(PRIORITIES)
  readonly priority: Priority = 'normal'
}

/** What may be changed; what is left out stays. */
export class TicketChanges {
  @IsOptional()
  @Length(3, 120)
  readonly subject?: string

  @IsOptional()
  @IsIn(PRIORITIES)
  readonly priority?: Priority

  /** `null` gives the ticket back. */
  @IsOptional()
  @IsUUID()
  readonly assigneeId?: string | null

  /** Among agents; `null` takes them away. */
  @IsOptional()
  @Length(1, 10_000)
  readonly internalNotes?: string | null
}

export class Transition {
  @IsIn(TICKET_STATES)
  readonly state!: TicketState
}
