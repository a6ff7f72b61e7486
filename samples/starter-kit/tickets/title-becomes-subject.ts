/** Until version 2 the subject of a ticket was called its title. */
import type { Class, RawInput } from 'tenon'
import { Upgrade, type VersionUpgrade } from 'tenon/versioning'

import { TicketQuery } from './ticket-query.ts'
import { NewTicket, TicketChanges } from './ticket-requests.ts'
import { TicketView } from './ticket-view.ts'
import { TicketsController } from './tickets-controller.ts'
import { NewTitledTicket, TitledTicketChanges, TitledTicketQuery, TitledTicketView } from './tickets-of-version-1.ts'

@Upgrade('1', '2', TicketsController)
export class TitleBecomesSubject implements VersionUpgrade {
  readonly models = new Map<Class, Class>([
    [NewTicket, NewTitledTicket],
    [TicketChanges, TitledTicketChanges],
    [TicketView, TitledTicketView],
    [TicketQuery, TitledTicketQuery],
  ])

  request({ body, query }: RawInput): RawInput {
    const { sort } = (query ?? {}) as { readonly sort?: unknown }
    const isByTitle = sort === 'title' || sort === '-title'
    return {
      body: isObject(body) ? renamed(body, 'title', 'subject') : body,
      query: isByTitle ? { ...query, sort: sort.replace('title', 'subject') } : query,
    }
  }

  /** A ticket, a page of tickets, or the changes of one. */
  response(answer: object): object {
    if ('items' in answer) return { ...answer, items: (answer.items as readonly object[]).map(titled) }
    return 'subject' in answer ? titled(answer) : answer
  }
}

function titled(ticket: object): object {
  return renamed(ticket, 'subject', 'title')
}

/** In the same place, for those who look at it. */
function renamed(value: object, from: string, to: string): object {
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name === from ? to : name, each]))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
