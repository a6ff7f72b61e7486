/** The life of a ticket. */
export const TICKET_STATES = ['open', 'pending', 'resolved', 'closed'] as const
export type TicketState = (typeof TICKET_STATES)[number]

/** Pending waits for the customer; what is closed stays closed. */
const FOLLOWING: Readonly<Record<TicketState, readonly TicketState[]>> = {
  open: ['pending', 'resolved', 'closed'],
  pending: ['open', 'resolved', 'closed'],
  resolved: ['open', 'closed'],
  closed: [],
}

/** The states a ticket can be moved to. */
export function statesAfter(state: TicketState): readonly TicketState[] {
  return FOLLOWING[state]
}
