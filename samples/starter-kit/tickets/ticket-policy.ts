/** Who may do what to which tickets: the only place that says it, for endpoints, lists and fields alike. */
import { definePolicy, permission, role } from 'tenon/access'

import { Ticket } from './ticket.ts'

export const TicketPolicy = definePolicy(Ticket, (user, ticket, { allow, deny }) => {
  allow('create').when(permission('tickets:write'))
  allow('read', 'comment').when(ticket.requesterId.equals(user.id))
  allow('read', 'comment', 'update', 'move', 'review').when(role('agent'))
  deny('read').fields('internalNotes').unless(role('agent')).because('notes are written by agents, for agents')
})
