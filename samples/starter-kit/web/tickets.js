/** Tickets: the list, one with its conversation, and what has happened to it. */
import { read, send } from './calls.js'
import { button, el, form, section, show, table } from './elements.js'

export async function showTickets(me, state = '') {
  const { items, total } = await read(`/api/tickets?size=20${state && `&state=${state}`}`)
  const states = ['', 'open', 'pending', 'resolved', 'closed']
  const rows = items.map((ticket) => [
    String(ticket.id),
    button(ticket.subject, () => showTicket(me, ticket.id), 'link'),
    el('span', { className: `state ${ticket.state}` }, ticket.state),
    ticket.priority,
    ticket.requester.name,
  ])
  const ask = async (ticket) => {
    const { id } = await send('POST', '/api/tickets', ticket)
    await showTicket(me, id)
  }
  show(
    section(
      `Tickets (${total})`,
      el(
        'nav',
        {},
        ...states.map((each) => button(each || 'all', () => showTickets(me, each), each === state ? 'chosen' : '')),
      ),
      table(rows, ['', 'Subject', 'State', 'Priority', 'Asked by']),
    ),
    section(
      'Ask for something',
      form(
        { subject: 'text', description: 'textarea', priority: ['normal', 'low', 'high', 'urgent'] },
        'Open a ticket',
        ask,
      ),
    ),
  )
}

async function showTicket(me, id) {
  const path = `/api/tickets/${id}`
  const ticket = await read(path)
  const { items } = await read(`${path}/comments`)
  const isAgent = !me.roles.includes('customer')
  const move = (state) =>
    button(state, async () => {
      await send('POST', `${path}/transitions`, { state })
      await showTicket(me, id)
    })
  show(
    section(
      `${ticket.id}: ${ticket.subject}`,
      el('p', {}, ticket.description),
      ticket.internalNotes ? el('p', { className: 'note' }, ticket.internalNotes) : undefined,
      el('p', { className: 'quiet' }, `${ticket.state}, ${ticket.priority}, asked by ${ticket.requester.name}`),
      isAgent ? el('nav', {}, ...['open', 'pending', 'resolved', 'closed'].map(move)) : undefined,
    ),
    section(
      'Conversation',
      ...items.map(({ author, body, isInternal }) =>
        el('p', { className: isInternal ? 'note' : '' }, el('strong', {}, author.name), ` ${body}`),
      ),
      form({ answer: 'textarea' }, 'Say it', async ({ answer: body }) => {
        await send('POST', `${path}/comments`, { body })
        await showTicket(me, id)
      }),
    ),
    isAgent ? await historyOf(path) : undefined,
  )
}

async function historyOf(path) {
  const changes = await read(`${path}/history`)
  const lines = changes.map(({ action, at, changes: fields }) =>
    el('li', {}, `${new Date(at).toLocaleString()}: ${action === 'update' ? told(fields) : action}`),
  )
  return section('History', el('ul', { className: 'quiet' }, ...lines))
}

/** What a reader cares for: every change counts the version. */
function told(fields) {
  const named = Object.entries(fields).filter(([name]) => name !== 'version' && name !== 'updatedAt')
  return named.map(([name, { from, to }]) => `${name} from ${from} to ${to}`).join(', ') || 'a comment'
}
