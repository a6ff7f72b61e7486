/** What may go wrong with tickets. */
import { defineError } from 'tenon'

import { statesAfter, type TicketState } from './ticket-states.ts'

export const TransitionRefused = defineError({
  code: 'DESK_TRANSITION_REFUSED',
  status: 409,
  message: (id: number, from: TicketState, to: TicketState) =>
    `Ticket ${id} is ${from} and cannot become ${to}; possible: ${statesAfter(from).join(', ') || 'nothing'}.`,
  help: 'Read the ticket again: somebody else may have moved it.',
})

export const TicketClosed = defineError({
  code: 'DESK_TICKET_CLOSED',
  status: 409,
  message: (id: number) => `Ticket ${id} is closed.`,
  help: 'Open a new ticket.',
})

export const AssigneeUnsuitable = defineError({
  code: 'DESK_ASSIGNEE_UNSUITABLE',
  status: 422,
  message: (id: string) => `${id} is no agent or admin of this organisation.`,
  help: 'Choose one of GET /api/users whose role is agent or admin.',
})
