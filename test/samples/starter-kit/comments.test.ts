import { answer, Desk, type Member, type Ticket } from './desk.ts'

const say = ({ app }: Member, { id }: Ticket, json: object) =>
  answer(app.request(`/api/tickets/${id}/comments`, { json }))

const heard = async ({ app }: Member, { id }: Ticket): Promise<string[]> =>
  (await answer(app.request(`/api/tickets/${id}/comments`))).body.items.map(({ body }: { body: string }) => body)

describe('Comments', () => {
  it('are read in order, with who said them', async () => {
    await using desk = await Desk.open()
    const { agent, customer } = await desk.team('acme')
    const ticket = await desk.ticket(customer)

    const first = await say(agent, ticket, { body: 'Which floor?' })
    await say(customer, ticket, { body: 'The second.' })

    expect(first).toMatchObject({ status: 201, body: { author: { id: agent.id, name: 'agent' }, isInternal: false } })
    expect(await heard(customer, ticket)).toEqual(['Which floor?', 'The second.'])
  })

  it('that are internal notes are read by agents and never by customers', async () => {
    await using desk = await Desk.open()
    const { agent, admin, customer } = await desk.team('acme')
    const ticket = await desk.ticket(customer)

    expect((await say(agent, ticket, { body: 'He jams it himself.', isInternal: true })).status).toBe(201)
    expect(await say(agent, ticket, { body: 'We are on our way.', isInternal: null })).toMatchObject({ status: 201 })

    expect(await heard(admin, ticket)).toEqual(['He jams it himself.', 'We are on our way.'])
    expect(await heard(customer, ticket)).toEqual(['We are on our way.'])
  })

  it('of customers are not internal', async () => {
    await using desk = await Desk.open()
    const { agent, customer } = await desk.team('acme')
    const ticket = await desk.ticket(customer)

    expect(await say(customer, ticket, { body: 'Between us', isInternal: true })).toMatchObject({
      status: 403,
      body: { code: 'ACCESS_FIELD_REFUSED', errors: [{ pointer: '/isInternal' }] },
    })
    expect(await heard(agent, ticket)).toEqual([])
    expect((await say(customer, ticket, { body: 'For all' })).status).toBe(201)
  })

  it('take a ticket that waits for its customer back to work', async () => {
    await using desk = await Desk.open()
    const { agent, customer } = await desk.team('acme')
    const ticket = await desk.ticket(customer)
    const stateNow = async () => (await answer(agent.app.request(`/api/tickets/${ticket.id}`))).body.state
    await agent.app.request(`/api/tickets/${ticket.id}/transitions`, { json: { state: 'pending' } })

    await say(agent, ticket, { body: 'Still waiting for you.' })
    expect(await stateNow()).toBe('pending')

    await say(customer, ticket, { body: 'Here you are.' })
    expect(await stateNow()).toBe('open')
  })

  it('are written and read by those who see the ticket', async () => {
    await using desk = await Desk.open()
    const acme = await desk.team('acme')
    const globex = await desk.team('globex')
    const ticket = await desk.ticket(acme.customer)
    const path = `/api/tickets/${ticket.id}/comments`

    for (const stranger of [acme.colleague, globex.agent, globex.admin]) {
      expect((await say(stranger, ticket, { body: 'Hello?' })).status).toBe(404)
      expect((await stranger.app.request(path)).status).toBe(404)
    }
    expect((await say(acme.agent, ticket, { body: 'Hello!' })).status).toBe(201)
    expect(await heard(acme.customer, ticket)).toEqual(['Hello!'])
  })

  it('end with the ticket', async () => {
    await using desk = await Desk.open()
    const { agent, customer } = await desk.team('acme')
    const ticket = await desk.ticket(customer)
    await agent.app.request(`/api/tickets/${ticket.id}/transitions`, { json: { state: 'closed' } })

    expect(await say(customer, ticket, { body: 'One more thing' })).toMatchObject({
      status: 409,
      body: { code: 'DESK_TICKET_CLOSED' },
    })
  })

  it('must say something', async () => {
    await using desk = await Desk.open()
    const { customer } = await desk.team('acme')
    const ticket = await desk.ticket(customer)

    expect(await say(customer, ticket, { body: '' })).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED' },
    })
    expect(await say(customer, ticket, { body: 'x', authorId: 'y' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/authorId' }] },
    })
  })

  it('come a page at a time, by signed cursors', async () => {
    await using desk = await Desk.open()
    const { agent, customer } = await desk.team('acme')
    const ticket = await desk.ticket(customer)
    for (const body of ['one', 'two', 'three']) await say(agent, ticket, { body })
    const page = (query: string) => answer(customer.app.request(`/api/tickets/${ticket.id}/comments?size=2${query}`))

    const first = await page('')
    await say(agent, ticket, { body: 'four' })
    const second = await page(`&after=${encodeURIComponent(first.body.next)}`)
    const forged = await page(
      `&after=${encodeURIComponent(`${first.body.next.slice(0, -2)}${first.body.next.endsWith('xx') ? 'yy' : 'xx'}`)}`,
    )

    const bodies = ({ body: { items } }: typeof first) => items.map((each: { body: string }) => each.body)
    expect([bodies(first), bodies(second)]).toEqual([
      ['one', 'two'],
      ['three', 'four'],
    ])
    expect(second.body.next).toBeNull()
    expect(forged).toMatchObject({ status: 400, body: { code: 'DATA_CURSOR_INVALID' } })
  })
})
