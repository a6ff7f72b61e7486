/** Tickets of the demo with their conversations: some weeks in the life of a desk. */
import type { Random } from 'tenon/data'

import type { User } from '../../accounts/user.ts'
import type { Comment } from '../../comments/comment.ts'
import type { Priority } from '../../tickets/ticket-priorities.ts'
import { TICKET_STATES, type TicketState } from '../../tickets/ticket-states.ts'
import type { Ticket } from '../../tickets/ticket.ts'
import { AGENT_ANSWERS, CUSTOMER_ANSWERS, INTERNAL_NOTES, REQUESTS } from './demo-texts.ts'

const TICKETS_EACH = 38
/** Most are ordinary. */
const PRIORITIES: readonly Priority[] = ['low', 'normal', 'normal', 'normal', 'high', 'high', 'urgent']
const DAYS = 60
const MINUTE_MS = 60_000
const DAY_MS = 1440 * MINUTE_MS

export type DemoComment = Omit<Comment, 'id' | 'author' | 'ticket' | 'ticketId'>

/** A ticket and its conversation. */
export interface DemoTicket {
  readonly ticket: Omit<Ticket, 'id' | 'requester' | 'assignee'>
  readonly comments: readonly DemoComment[]
}

export function demoTickets(
  organisationId: string,
  members: readonly User[],
  random: Random,
  now: Date,
): readonly DemoTicket[] {
  const agents = members.filter(({ roles }) => roles.includes('agent'))
  const customers = members.filter(({ roles }) => roles.includes('customer'))
  return Array.from({ length: TICKETS_EACH }, (): DemoTicket => {
    const [subject, description] = random.pick(REQUESTS)
    const requester = random.pick(customers)
    const createdAt = new Date(now.getTime() - random.int(0, DAYS * 1440 - 1) * MINUTE_MS - DAY_MS)
    const state = stateAt(createdAt, now, random)
    const agent = state !== 'open' || random.chance(0.4) ? random.pick(agents) : undefined
    const comments = agent ? conversation(organisationId, requester, agent, createdAt, random) : []
    const ticket = {
      organisationId,
      subject,
      description,
      state,
      priority: random.pick(PRIORITIES),
      requesterId: requester.id,
      assigneeId: agent?.id ?? null,
      internalNotes: agent && random.chance(0.2) ? random.pick(INTERNAL_NOTES) : null,
      createdAt,
      updatedAt: comments.at(-1)?.createdAt ?? createdAt,
      version: 1,
    }
    return { ticket, comments }
  })
}

/** What is old is mostly done. */
function stateAt(createdAt: Date, now: Date, random: Random): TicketState {
  const isOld = now.getTime() - createdAt.getTime() > 20 * DAY_MS
  if (isOld && random.chance(0.8)) return random.pick(['resolved', 'closed', 'closed'])
  return random.pick(TICKET_STATES.slice(0, 3))
}

function conversation(
  organisationId: string,
  requester: User,
  agent: User,
  from: Date,
  random: Random,
): readonly DemoComment[] {
  let at = from.getTime()
  return Array.from({ length: random.int(1, 4) }, (_, index): DemoComment => {
    at += (10 + random.int(0, 299)) * MINUTE_MS
    const createdAt = new Date(at)
    const about = { organisationId, createdAt }
    if (index > 0 && random.chance(0.25)) {
      return { ...about, authorId: agent.id, body: random.pick(INTERNAL_NOTES), isInternal: true }
    }
    return index % 2 === 0
      ? { ...about, authorId: agent.id, body: random.pick(AGENT_ANSWERS), isInternal: false }
      : { ...about, authorId: requester.id, body: random.pick(CUSTOMER_ANSWERS), isInternal: false }
  })
}
