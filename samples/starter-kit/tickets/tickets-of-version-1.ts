/** What callers of version 1 send and read, where a subject was called a title. Only documents and clients look at it. */
import { Expose, IsIn, IsOptional, Length, OmitType } from 'tenon/validation'

import { NewTicket, TicketChanges } from './ticket-requests.ts'
import { SORTS, TicketQuery, type Sort } from './ticket-query.ts'
import { TicketView } from './ticket-view.ts'

export class NewTitledTicket extends OmitType(NewTicket, ['subject']) {
  @Length(3, 120)
  readonly title!: string
}

export class TitledTicketChanges extends OmitType(TicketChanges, ['subject']) {
  @IsOptional()
  @Length(3, 120)
  readonly title?: string
}

export class TitledTicketView extends OmitType(TicketView, ['subject']) {
  @Expose() readonly title!: string
}

export class TitledTicketQuery extends OmitType(TicketQuery, ['sort']) {
  @IsIn([...SORTS, 'title', '-title'])
  readonly sort: Sort | 'title' | '-title' = '-updatedAt'
}
