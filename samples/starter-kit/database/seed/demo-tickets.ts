/** Tickets of the demo with their conversations: some weeks in the life of a desk. */
import { User } from '../../accounts/user.ts'
import type { Comment } from '../../comments/comment.ts'
import type { Priority } from '../../tickets/ticket-priorities.ts'
import { TICKET_STATES, type TicketState } from '../../tickets/ticket-states.ts'
import type { Ticket } from '../../tickets/ticket.ts'
import { AGENT_ANSWERS, CUSTOMER_ANSWERS, INTERNAL_NOTES, REQUESTS } from './demo-texts.ts'
import type { Dice } from './dice.ts'

export const TICKETS_EACH = 38
/** Most are ordinary. */
const PRIORITIES: readonly Priority[] = ['low', 'normal', 'normal', 'normal', 'high', 'high', 'urgent']
const DAYS = 60
const MINUTE_MS = 60_000
const DAY_MS = 1440 * MINUTE_MS

export type DemoTicket = Omit<Ticket, 'requester' | 'assignee'>
export type DemoComment = Omit<Comment, 'id' | 'author'>

export interface DemoDesk {
  readonly tickets: readonly DemoTicket[]
  readonly comments: readonly DemoComment[]
}

/** @param firstId - Of the first ticket; the others follow. */
export function demoDesk(
  members: readonly User[],
  dice: Dice,
  { now, firstId }: { now: Date; firstId: number },
): DemoDesk {
  const agents = members.filter((member) => member.role === 'agent')
  const customers = members.filter((member) => member.role === 'customer')
  const comments: DemoComment[] = []
  const tickets = Array.from({ length: TICKETS_EACH }, (_, index): DemoTicket => {
    const [subject, description] = dice.pick(REQUESTS)
    const requester = dice.pick(customers)
    const createdAt = new Date(now.getTime() - dice.below(DAYS * 1440) * MINUTE_MS - DAY_MS)
    const state = stateAt(createdAt, now, dice)
    const agent = state !== 'open' || dice.chance(40) ? dice.pick(agents) : undefined
    const id = firstId + index
    const said = agent ? conversation(id, requester, agent, createdAt, dice) : []
    comments.push(...said)
    return {
      id,
      organisationId: requester.organisationId,
      subject,
      description,
      state,
      priority: dice.pick(PRIORITIES),
      requesterId: requester.id,
      assigneeId: agent?.id ?? null,
      createdAt,
      updatedAt: said.at(-1)?.createdAt ?? createdAt,
      version: 1,
    }
  })
  return { tickets, comments }
}

/** What is old is mostly done. */
function stateAt(createdAt: Date, now: Date, dice: Dice): TicketState {
  const isOld = now.getTime() - createdAt.getTime() > 20 * DAY_MS
  if (isOld && dice.chance(80)) return dice.pick(['resolved', 'closed', 'closed'])
  return dice.pick(TICKET_STATES.slice(0, 3))
}

function conversation(ticketId: number, requester: User, agent: User, from: Date, dice: Dice): readonly DemoComment[] {
  let at = from.getTime()
  return Array.from({ length: 1 + dice.below(4) }, (_, index): DemoComment => {
    at += (10 + dice.below(300)) * MINUTE_MS
    const createdAt = new Date(at)
    if (index > 0 && dice.chance(25)) {
      return { ticketId, authorId: agent.id, body: dice.pick(INTERNAL_NOTES), isInternal: true, createdAt }
    }
    return index % 2 === 0
      ? { ticketId, authorId: agent.id, body: dice.pick(AGENT_ANSWERS), isInternal: false, createdAt }
      : { ticketId, authorId: requester.id, body: dice.pick(CUSTOMER_ANSWERS), isInternal: false, createdAt }
  })
}
