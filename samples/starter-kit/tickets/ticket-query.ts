/** Which tickets are asked for, in which order, how many at a time. Only what stands here can be asked for. */
import { Raw, type FindOptionsOrder, type FindOptionsWhere } from 'tenon/data'
import { IsIn, IsInt, IsOptional, IsUUID, Length, Max, Min } from 'tenon/validation'

import { PRIORITIES, type Priority } from './ticket-priorities.ts'
import { TICKET_STATES, type TicketState } from './ticket-states.ts'
import type { Ticket } from './ticket.ts'

export const MAXIMUM_PAGE_SIZE = 100

const SORT_KEYS = ['createdAt', 'updatedAt', 'priority', 'subject'] as const
export type SortKey = (typeof SORT_KEYS)[number]

/** A key, or a key with `-` in front for the other direction. */
export type Sort = SortKey | `-${SortKey}`

export const SORTS: readonly Sort[] = SORT_KEYS.flatMap((key) => [key, `-${key}` as const])

export class TicketQuery {
  @IsOptional()
  @IsIn(TICKET_STATES)
  readonly state?: TicketState

  @IsOptional()
  @IsIn(PRIORITIES)
  readonly priority?: Priority

  @IsOptional()
  @IsUUID()
  readonly assigneeId?: string

  @IsOptional()
  @IsUUID()
  readonly requesterId?: string

  /** Part of the subject. */
  @IsOptional()
  @Length(1, 120)
  readonly search?: string

  @IsIn(SORTS)
  readonly sort: Sort = '-updatedAt'

  @IsInt()
  @Min(1)
  readonly page: number = 1

  @IsInt()
  @Min(1)
  @Max(MAXIMUM_PAGE_SIZE)
  readonly size: number = 20
}

export function filterOf({ state, priority, assigneeId, requesterId, search }: TicketQuery): FindOptionsWhere<Ticket> {
  return {
    ...(state && { state }),
    ...(priority && { priority }),
    ...(assigneeId && { assigneeId }),
    ...(requesterId && { requesterId }),
    ...(search && { subject: containing(search) }),
  }
}

export function orderOf({ sort }: TicketQuery): FindOptionsOrder<Ticket> {
  const isDescending = sort.startsWith('-')
  return { [sort.replace('-', '')]: isDescending ? 'DESC' : 'ASC' }
}

/** `%` and `_` in what is looked for mean themselves. */
function containing(text: string) {
  const pattern = `%${text.replaceAll(/[!%_]/g, '!$&')}%`
  return Raw<string>((column) => `LOWER(${column}) LIKE LOWER(:pattern) ESCAPE '!'`, { pattern })
}
