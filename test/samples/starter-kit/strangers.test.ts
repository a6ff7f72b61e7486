/** Every route of the desk that names something, called by those it does not belong to; and by its owner, who may. */
import { Tenants } from 'tenon/tenancy'

import { answer, Desk, type Member, type Team, type Ticket } from './desk.ts'

interface World {
  readonly acme: Team
  readonly globex: Team
  readonly ticket: Ticket
  /** An API key of acme's agent. */
  readonly keyId: string
}

type Caller = (world: World) => Member
/** What is asked for, and who may. */
interface Route {
  readonly ask: (world: World) => readonly [path: string, init?: { readonly method?: string; readonly json?: object }]
  readonly owner: Caller
  readonly status: number
  /** Of the same organisation, and allowed less. */
  readonly lesser: Readonly<Record<string, { readonly who: Caller; readonly status: number }>>
}

const agent: Caller = ({ acme }) => acme.agent
const admin: Caller = ({ acme }) => acme.admin
const customer: Caller = ({ acme }) => acme.customer
const colleague: Caller = ({ acme }) => acme.colleague
const patch = (json: object) => ({ method: 'PATCH', json })

const ROUTES: Readonly<Record<string, Route>> = {
  'GET /api/tickets/:id': {
    ask: ({ ticket }) => [`/api/tickets/${ticket.id}`],
    owner: customer,
    status: 200,
    lesser: { 'another customer': { who: colleague, status: 404 } },
  },
  'PATCH /api/tickets/:id': {
    ask: ({ ticket }) => [`/api/tickets/${ticket.id}`, patch({ priority: 'urgent' })],
    owner: agent,
    status: 200,
    lesser: { 'its customer': { who: customer, status: 403 }, 'another customer': { who: colleague, status: 403 } },
  },
  'POST /api/tickets/:id/transitions': {
    ask: ({ ticket }) => [`/api/tickets/${ticket.id}/transitions`, { json: { state: 'pending' } }],
    owner: agent,
    status: 200,
    lesser: { 'its customer': { who: customer, status: 403 }, 'another customer': { who: colleague, status: 403 } },
  },
  'GET /api/tickets/:id/history': {
    ask: ({ ticket }) => [`/api/tickets/${ticket.id}/history`],
    owner: agent,
    status: 200,
    lesser: { 'its customer': { who: customer, status: 403 } },
  },
  'GET /api/tickets/:id/comments': {
    ask: ({ ticket }) => [`/api/tickets/${ticket.id}/comments`],
    owner: customer,
    status: 200,
    lesser: { 'another customer': { who: colleague, status: 404 } },
  },
  'POST /api/tickets/:id/comments': {
    ask: ({ ticket }) => [`/api/tickets/${ticket.id}/comments`, { json: { body: 'Hello?' } }],
    owner: customer,
    status: 201,
    lesser: { 'another customer': { who: colleague, status: 404 } },
  },
  'PATCH /api/users/:id': {
    ask: ({ acme }) => [`/api/users/${acme.colleague.id}`, patch({ role: 'agent' })],
    owner: admin,
    status: 200,
    lesser: { 'an agent': { who: agent, status: 403 }, 'the user': { who: colleague, status: 403 } },
  },
  'DELETE /api/users/:id': {
    ask: ({ acme }) => [`/api/users/${acme.colleague.id}`, { method: 'DELETE' }],
    owner: admin,
    status: 204,
    lesser: { 'an agent': { who: agent, status: 403 }, 'the user': { who: colleague, status: 403 } },
  },
  'POST /api/api-keys/:id/rotation': {
    ask: ({ keyId }) => [`/api/api-keys/${keyId}/rotation`, { method: 'POST' }],
    owner: agent,
    status: 201,
    lesser: { 'an admin': { who: admin, status: 404 }, 'a customer': { who: customer, status: 404 } },
  },
  'DELETE /api/api-keys/:id': {
    ask: ({ keyId }) => [`/api/api-keys/${keyId}`, { method: 'DELETE' }],
    owner: agent,
    status: 204,
    lesser: { 'an admin': { who: admin, status: 404 }, 'a customer': { who: customer, status: 404 } },
  },
}

describe('What belongs to others', () => {
  it.each(Object.entries(ROUTES))('is out of reach by %s', async (_name, { ask, owner, status, lesser }) => {
    await using desk = await Desk.open()
    const world = await worldOf(desk)
    const [path, init] = ask(world)
    const strangers = Object.values({ ...world.globex, id: undefined }).filter((each) => each !== undefined)

    const refusals = await Promise.all(strangers.map(async ({ app }) => answer(app.request(path, init))))
    const lessers = await Promise.all(
      Object.entries(lesser).map(async ([name, { who }]) => [name, (await who(world).app.request(path, init)).status]),
    )
    const unknown = await desk.app.request(path, init)

    // Whoever lacks the permission anywhere learns no more than that; to the others, it is not there.
    expect(refusals.every(({ status: refused }) => refused === 404 || refused === 403)).toBe(true)
    expect(refusals.some(({ status: refused }) => refused === 404)).toBe(true)
    expect(JSON.stringify(refusals)).not.toMatch(/printer|acme/i)
    expect(lessers).toEqual(Object.entries(lesser).map(([name, each]) => [name, each.status]))
    expect(unknown.status).toBe(401)
    expect((await owner(world).app.request(path, init)).status).toBe(status)
  })

  it('is not made visible by lists, whatever they are asked for', async () => {
    await using desk = await Desk.open()
    const { acme, globex } = await worldOf(desk)
    const total = async ({ app }: Member, query: string) =>
      (await answer(app.request(`/api/tickets?${query}`))).body.total
    const queries = ['', `requesterId=${acme.customer.id}`, 'search=printer', 'state=open&sort=subject']

    expect(await Promise.all(queries.map((query) => total(acme.agent, query)))).toEqual([1, 1, 1, 1])
    for (const stranger of [acme.colleague, globex.customer, globex.agent, globex.admin]) {
      expect(await Promise.all(queries.map((query) => total(stranger, query)))).toEqual([0, 0, 0, 0])
    }
  })

  it.each(['x-tenant-id', 'x-organisation'])('is not reached by naming its organisation in %s', async (header) => {
    await using desk = await Desk.open()
    const { ticket, globex } = await worldOf(desk)
    const headers = { authorization: `Bearer ${globex.admin.token}`, [header]: 'acme' }

    expect((await desk.app.request(`/api/tickets/${ticket.id}`, { headers })).status).toBe(404)
    expect((await desk.app.request('/api/me', { headers })).status).toBe(200)
  })

  it('is closed to everybody when the organisation is suspended', async () => {
    await using desk = await Desk.open()
    const { acme, globex } = await worldOf(desk)
    await desk.app.get(Tenants).suspend('acme')

    expect(await answer(acme.admin.app.request('/api/tickets'))).toMatchObject({
      status: 403,
      body: { code: 'TENANCY_TENANT_SUSPENDED' },
    })
    expect((await globex.admin.app.request('/api/tickets')).status).toBe(200)
  })
})

async function worldOf(desk: Desk): Promise<World> {
  const acme = await desk.team('acme')
  const globex = await desk.team('globex')
  const ticket = await desk.ticket(acme.customer)
  const made = await answer(acme.agent.app.request('/api/api-keys', { json: { name: 'a', scopes: ['tickets:read'] } }))
  return { acme, globex, ticket, keyId: made.body.key.id }
}
