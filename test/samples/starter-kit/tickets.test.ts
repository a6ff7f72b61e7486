import { runAsTenant } from 'tenon/tenancy'
import { FakeClock } from 'tenon/testing'

import { TicketRepository } from '../../../samples/starter-kit/tickets/ticket-repository.ts'
import { answer, Desk, type Member, type Ticket } from './desk.ts'

const move = ({ app }: Member, { id }: Ticket, state: string) =>
  answer(app.request(`/api/tickets/${id}/transitions`, { json: { state } }))

const change = ({ app }: Member, { id }: Ticket, json: object) =>
  answer(app.request(`/api/tickets/${id}`, { method: 'PATCH', json }))

const changeVersion = ({ app }: Member, { id }: Ticket, ifMatch: string, json: object) =>
  answer(app.request(`/api/tickets/${id}`, { method: 'PATCH', headers: { 'if-match': ifMatch }, json }))

const subjects = async ({ app }: Member, query = ''): Promise<string[]> => {
  const { status, body } = await answer(app.request(`/api/tickets${query}`))
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.items.map(({ subject }: Ticket) => subject)
}

describe('Tickets', () => {
  it('are opened by customers, and read with who asked', async () => {
    await using desk = await Desk.open()
    const { customer } = await desk.team('acme')
    const json = { subject: 'No coffee', description: 'Since this morning.' }

    const opened = await answer(customer.app.request('/api/tickets', { json }))
    const read = await answer(customer.app.request(`/api/tickets/${opened.body.id}`))

    expect(opened).toMatchObject({ status: 201, body: { ...json, state: 'open', priority: 'normal', assignee: null } })
    expect(opened.body.requester).toEqual({ id: customer.id, name: 'customer' })
    expect(read).toEqual({ status: 200, body: opened.body })
  })

  it.each([
    ['a short subject', { subject: 'No' }, '/subject'],
    ['an unknown priority', { priority: 'immediately' }, '/priority'],
    ['a state, which is not for the caller to choose', { state: 'closed' }, '/state'],
    ['somebody else as requester', { requesterId: '00000000-0000-4000-8000-000000000000' }, '/requesterId'],
    ['another organisation', { organisationId: 'other' }, '/organisationId'],
  ])('refuse %s', async (_what, fields, pointer) => {
    await using desk = await Desk.open()
    const { customer } = await desk.team('acme')
    const json = { subject: 'No coffee', description: 'Since this morning.', ...fields }

    const { status, body } = await answer(customer.app.request('/api/tickets', { json }))

    expect(status).toBe(400)
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer])
    expect(await subjects(customer)).toEqual([])
  })

  it('are seen by their requester and by all who work for the organisation, and by nobody else', async () => {
    await using desk = await Desk.open()
    const acme = await desk.team('acme')
    const globex = await desk.team('globex')
    const { id } = await desk.ticket(acme.customer)
    const statusFor = async ({ app }: Member) => (await app.request(`/api/tickets/${id}`)).status

    expect(await Promise.all([acme.customer, acme.agent, acme.admin].map(statusFor))).toEqual([200, 200, 200])
    expect(await Promise.all([acme.colleague, globex.agent, globex.admin].map(statusFor))).toEqual([404, 404, 404])
  })

  it('of others are answered like tickets that do not exist', async () => {
    await using desk = await Desk.open()
    const acme = await desk.team('acme')
    const globex = await desk.team('globex')
    const { id } = await desk.ticket(acme.customer)

    const foreign = await answer(globex.admin.app.request(`/api/tickets/${id}`))
    const missing = await answer(globex.admin.app.request('/api/tickets/999999'))

    expect(foreign).toMatchObject({ status: 404, body: { code: 'ACCESS_RESOURCE_NOT_FOUND' } })
    expect(missing).toMatchObject({ status: 404, body: { code: 'ACCESS_RESOURCE_NOT_FOUND' } })
  })

  it('are listed, moved and changed within the own organisation alone', async () => {
    await using desk = await Desk.open()
    const acme = await desk.team('acme')
    const globex = await desk.team('globex')
    const ours = await desk.ticket(acme.customer, { subject: 'Ours' })
    const theirs = await desk.ticket(globex.customer, { subject: 'Theirs' })

    expect(await subjects(acme.agent)).toEqual(['Ours'])
    expect(await subjects(globex.agent)).toEqual(['Theirs'])
    expect((await move(acme.agent, theirs, 'resolved')).status).toBe(404)
    expect((await change(acme.agent, theirs, { priority: 'low' })).status).toBe(404)
    expect((await answer(globex.customer.app.request(`/api/tickets/${theirs.id}`))).body).toEqual(theirs)
    expect((await move(acme.agent, ours, 'resolved')).status).toBe(200)
    expect((await change(acme.agent, ours, { priority: 'low' })).status).toBe(200)
  })

  it('cannot be reached by asking for another requester', async () => {
    await using desk = await Desk.open()
    const { agent, customer, colleague } = await desk.team('acme')
    await desk.ticket(customer, { subject: 'Mine' })
    await desk.ticket(colleague, { subject: 'Not mine' })

    expect(await subjects(agent, `?requesterId=${colleague.id}`)).toEqual(['Not mine'])
    expect(await subjects(customer, `?requesterId=${colleague.id}`)).not.toContain('Not mine')
  })

  it('are changed by agents and not by customers', async () => {
    await using desk = await Desk.open()
    const { agent, customer } = await desk.team('acme')
    const ticket = await desk.ticket(customer)

    expect((await change(customer, ticket, { priority: 'urgent' })).status).toBe(403)
    expect((await move(customer, ticket, 'resolved')).status).toBe(403)
    const changed = await change(agent, ticket, { priority: 'urgent', subject: 'Put out', assigneeId: agent.id })

    expect(changed).toMatchObject({ status: 200, body: { priority: 'urgent', subject: 'Put out', state: 'open' } })
    expect(changed.body.assignee).toEqual({ id: agent.id, name: 'agent' })
    expect((await change(agent, ticket, { assigneeId: null })).body.assignee).toBeNull()
  })

  it('are assigned to those who work for the organisation', async () => {
    await using desk = await Desk.open()
    const acme = await desk.team('acme')
    const globex = await desk.team('globex')
    const ticket = await desk.ticket(acme.customer)
    const assign = async (to: Member) => (await change(acme.agent, ticket, { assigneeId: to.id })).status

    expect(await assign(acme.admin)).toBe(200)
    expect(await assign(acme.customer)).toBe(422)
    expect(await assign(globex.agent)).toBe(422)
  })

  it.each([[['pending', 'open', 'resolved', 'open']], [['resolved', 'closed']], [['pending', 'closed']]])(
    'move through %j',
    async (states) => {
      await using desk = await Desk.open()
      const { agent, customer } = await desk.team('acme')
      const ticket = await desk.ticket(customer)

      for (const state of states)
        expect(await move(agent, ticket, state)).toMatchObject({ status: 200, body: { state } })
    },
  )

  it.each([
    [[], 'open'],
    [['resolved'], 'pending'],
    [['closed'], 'open'],
    [['closed'], 'resolved'],
  ])('after %j do not become %s', async (before, state) => {
    await using desk = await Desk.open()
    const { agent, customer } = await desk.team('acme')
    const ticket = await desk.ticket(customer)
    for (const each of before) await move(agent, ticket, each)

    expect(await move(agent, ticket, state)).toMatchObject({ status: 409, body: { code: 'DESK_TRANSITION_REFUSED' } })
    expect((await answer(agent.app.request(`/api/tickets/${ticket.id}`))).body.state).toBe(before.at(-1) ?? 'open')
  })

  it('let one of two win who saw the same state', async () => {
    await using desk = await Desk.open()
    const { id: organisation, customer } = await desk.team('acme')
    const { id } = await desk.ticket(customer)
    const tickets = desk.app.get(TicketRepository)
    const seen = await runAsTenant(organisation, () => tickets.findOrFail(id))

    const moved = await runAsTenant(organisation, async () => [
      await tickets.move(seen, 'closed', new Date()),
      await tickets.move(seen, 'pending', new Date()),
    ])

    expect(moved).toEqual([true, false])
    expect((await answer(customer.app.request(`/api/tickets/${id}`))).body.state).toBe('closed')
  })

  it('are not changed once they are closed', async () => {
    await using desk = await Desk.open()
    const { agent, customer } = await desk.team('acme')
    const ticket = await desk.ticket(customer)
    await move(agent, ticket, 'closed')

    expect(await change(agent, ticket, { subject: 'Too late' })).toMatchObject({
      status: 409,
      body: { code: 'DESK_TICKET_CLOSED' },
    })
  })
})

describe('Notes on tickets', () => {
  it('are written and read by agents, and never reach customers', async () => {
    await using desk = await Desk.open()
    const { agent, customer } = await desk.team('acme')
    const ticket = await desk.ticket(customer, { subject: 'With a note' })
    const note = 'He jams it himself.'

    expect(await change(agent, ticket, { internalNotes: note })).toMatchObject({ body: { internalNotes: note } })
    const texts = await Promise.all(
      [`/api/tickets/${ticket.id}`, '/api/tickets'].map(async (path) => (await customer.app.request(path)).text()),
    )

    expect(texts.every((text) => text.includes('With a note') && !text.includes('internalNotes'))).toBe(true)
    expect((await answer(agent.app.request(`/api/tickets/${ticket.id}`))).body.internalNotes).toBe(note)
    expect((await change(agent, ticket, { internalNotes: null })).body.internalNotes).toBeNull()
  })
})

describe('The history of a ticket', () => {
  it('says who changed what, newest first, and is for agents of its organisation', async () => {
    await using desk = await Desk.open()
    const { agent, customer } = await desk.team('acme')
    const globex = await desk.team('globex')
    const ticket = await desk.ticket(customer)
    await change(agent, ticket, { priority: 'urgent' })
    await move(agent, ticket, 'resolved')
    const path = `/api/tickets/${ticket.id}/history`
    const history = ({ app }: Member, query = '') => answer(app.request(`${path}${query}`))

    const { status, body } = await history(agent)

    expect(status).toBe(200)
    expect(body.map(({ action, by }: { action: string; by: string }) => [action, by])).toEqual([
      ['update', agent.id],
      ['update', agent.id],
      ['insert', customer.id],
    ])
    expect(body[0].changes.state).toEqual({ from: 'open', to: 'resolved' })
    expect(body[1].changes.priority).toEqual({ from: 'normal', to: 'urgent' })
    expect((await history(agent, `?before=${body[1].id}`)).body).toEqual([body[2]])
    expect((await history(customer)).status).toBe(403)
    expect((await history(globex.admin)).status).toBe(404)
  })
})

describe('The list of tickets', () => {
  it('is filtered by state, priority, assignee and words of the subject', async () => {
    await using desk = await Desk.open()
    const { agent, customer } = await desk.team('acme')
    const printer = await desk.ticket(customer, { subject: 'Printer is offline', priority: 'high' })
    await desk.ticket(customer, { subject: 'Discount of 100%', priority: 'low' })
    await desk.ticket(customer, { subject: 'Discount of 1000', priority: 'low' })
    await change(agent, printer, { assigneeId: agent.id })
    await move(agent, printer, 'pending')

    expect(await subjects(agent, '?state=pending')).toEqual(['Printer is offline'])
    expect(await subjects(agent, '?state=open&priority=low&sort=subject')).toEqual([
      'Discount of 100%',
      'Discount of 1000',
    ])
    expect(await subjects(agent, `?assigneeId=${agent.id}`)).toEqual(['Printer is offline'])
    expect(await subjects(agent, '?search=PRINTER')).toEqual(['Printer is offline'])
    expect(await subjects(agent, '?search=100%25')).toEqual(['Discount of 100%'])
    expect(await subjects(agent, '?state=closed')).toEqual([])
  })

  it('is sorted by urgency, time or subject, in both directions', async () => {
    const clock = new FakeClock()
    await using desk = await Desk.open((builder) => builder.clock(clock))
    const { agent, customer } = await desk.team('acme')
    for (const [subject, priority] of [
      ['Bravo', 'urgent'],
      ['Alpha', 'low'],
      ['Delta', 'high'],
      ['Charlie', 'normal'],
    ]) {
      await desk.ticket(customer, { subject, priority })
      await clock.advance(1000)
    }

    expect(await subjects(agent, '?sort=-priority')).toEqual(['Bravo', 'Delta', 'Charlie', 'Alpha'])
    expect(await subjects(agent, '?sort=priority')).toEqual(['Alpha', 'Charlie', 'Delta', 'Bravo'])
    expect(await subjects(agent, '?sort=subject')).toEqual(['Alpha', 'Bravo', 'Charlie', 'Delta'])
    expect(await subjects(agent, '?sort=createdAt')).toEqual(['Bravo', 'Alpha', 'Delta', 'Charlie'])
    expect(await subjects(agent)).toEqual(['Charlie', 'Delta', 'Alpha', 'Bravo'])
  })

  it('comes a page at a time, without gaps and repetitions', async () => {
    await using desk = await Desk.open()
    const { agent, customer } = await desk.team('acme')
    const names = Array.from({ length: 7 }, (_, index) => `Ticket ${index}`)
    for (const subject of names) await desk.ticket(customer, { subject })

    const pages = await Promise.all([1, 2, 3, 4].map((page) => subjects(agent, `?size=3&page=${page}&sort=priority`)))
    const { body } = await answer(agent.app.request('/api/tickets?size=3&page=2'))

    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1, 0])
    expect(pages.flat().toSorted()).toEqual(names)
    expect(body).toMatchObject({ page: 2, size: 3, total: 7, pages: 3 })
  })

  it.each([
    ['?sort=requesterId', '#/query/sort'],
    ['?sort=-passwordHash', '#/query/sort'],
    ['?size=101', '#/query/size'],
    ['?size=0', '#/query/size'],
    ['?page=0', '#/query/page'],
    ['?page=one', '#/query/page'],
    ['?state=lost', '#/query/state'],
    ['?organisationId=1', '#/query/organisationId'],
    ['?state=open&state=closed', '#/query/state'],
  ])('refuses %s', async (query, pointer) => {
    await using desk = await Desk.open()
    const { agent } = await desk.team('acme')

    const { status, body } = await answer(agent.app.request(`/api/tickets${query}`))

    expect(status).toBe(400)
    expect(new Set(body.errors.map((error: { pointer: string }) => error.pointer))).toEqual(new Set([pointer]))
    expect((await agent.app.request('/api/tickets?sort=subject&size=100&page=1&state=open')).status).toBe(200)
  })

  it('says which part of a path is no number', async () => {
    await using desk = await Desk.open()
    const { agent } = await desk.team('acme')

    const { status, body } = await answer(agent.app.request('/api/tickets/first'))

    expect(status).toBe(400)
    expect(JSON.stringify(body.errors)).toContain('id')
  })

  it('are not overwritten by somebody who has not seen the last change', async () => {
    await using desk = await Desk.open()
    const { agent, admin, customer } = await desk.team('acme')
    const ticket = await desk.ticket(customer)
    const seen = `"${ticket.version}"`

    const first = await changeVersion(agent, ticket, seen, { priority: 'high' })
    const second = await changeVersion(admin, ticket, seen, { priority: 'low' })
    const again = await changeVersion(admin, ticket, `"${first.body.version}"`, { priority: 'urgent' })

    expect(first).toMatchObject({ status: 200, body: { priority: 'high', version: ticket.version + 1 } })
    expect(second).toMatchObject({
      status: 409,
      body: { code: 'DATA_VERSION_CONFLICT', errors: [{ pointer: '#/version', detail: String(first.body.version) }] },
    })
    expect(again).toMatchObject({ status: 200, body: { priority: 'urgent' } })
    expect(await changeVersion(agent, ticket, 'W/"x"', { priority: 'low' })).toMatchObject({ status: 400 })
    expect(await changeVersion(agent, ticket, '*', { priority: 'normal' })).toMatchObject({ status: 200 })
  })
})
