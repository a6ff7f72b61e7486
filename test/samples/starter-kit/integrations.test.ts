import { FakeClock } from 'tenon/testing'

import { answer, Desk, type Member } from './desk.ts'

const TICKET = { subject: 'From a machine', description: 'It measures, and complains.' }

async function keyOf({ app }: Member, scopes: readonly string[], days = 90) {
  const { status, body } = await answer(app.request('/api/api-keys', { json: { name: 'nightly', scopes, days } }))
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body as { readonly key: { readonly id: string; readonly hint: string }; readonly secret: string }
}

describe('API keys of the service desk', () => {
  it('call in the name of their owner, and do what their scopes name', async () => {
    await using desk = await Desk.open()
    const { agent, customer } = await desk.team('acme')
    await desk.ticket(customer)
    const { secret } = await keyOf(agent, ['tickets:read'])
    const status = async (path: string, json?: object) =>
      (await desk.app.request(path, { headers: { 'x-api-key': secret }, ...(json && { json }) })).status

    expect(await status('/api/tickets')).toBe(200)
    expect(await status('/api/tickets/1')).toBe(200)
    expect(await status('/api/tickets', TICKET)).toBe(403)
    expect(await status('/api/tickets/1/transitions', { state: 'closed' })).toBe(403)
    expect(await status('/api/users')).toBe(403)
    expect(await status('/api/api-keys')).toBe(401)
    expect((await agent.app.request('/api/tickets', { json: TICKET })).status).toBe(201)
  })

  it('allow nothing that their owner may not do', async () => {
    await using desk = await Desk.open()
    const { customer, colleague } = await desk.team('acme')
    const { id } = await desk.ticket(colleague)
    const { secret } = await keyOf(customer, ['tickets:read', 'tickets:work', 'members:manage'])
    const status = async (path: string) => (await desk.app.request(path, { headers: { 'x-api-key': secret } })).status

    expect(await status('/api/users')).toBe(403)
    expect(await status(`/api/tickets/${id}/history`)).toBe(403)
    expect(await status(`/api/tickets/${id}`)).toBe(404)
    expect(await status('/api/tickets')).toBe(200)
  })

  it('show their secret once, and are listed without', async () => {
    await using desk = await Desk.open()
    const { agent, customer } = await desk.team('acme')
    const { key, secret } = await keyOf(agent, ['tickets:read'])

    const list = await (await agent.app.request('/api/api-keys')).text()

    expect(secret.startsWith(key.hint)).toBe(true)
    expect(list).toContain(key.id)
    expect(list).not.toContain(secret)
    expect((await answer(customer.app.request('/api/api-keys'))).body).toEqual([])
  })

  it('end when they are revoked, and by themselves', async () => {
    const clock = new FakeClock()
    await using desk = await Desk.open((builder) => builder.clock(clock))
    const { agent } = await desk.team('acme')
    const long = await keyOf(agent, ['tickets:read'], 30)
    const short = await keyOf(agent, ['tickets:read'], 1)
    const status = async ({ secret }: typeof long) =>
      (await desk.app.request('/api/tickets', { headers: { 'x-api-key': secret } })).status
    expect([await status(long), await status(short)]).toEqual([200, 200])

    await clock.advance(25 * 3_600_000)
    expect([await status(long), await status(short)]).toEqual([200, 401])

    expect((await agent.app.request(`/api/api-keys/${long.key.id}`, { method: 'DELETE' })).status).toBe(204)
    expect(await status(long)).toBe(401)
  })

  it.each([
    ['no scopes', { scopes: [] }],
    ['scopes that nobody knows', { scopes: ['tickets:steal'] }],
    ['a life without end', { scopes: ['tickets:read'], days: 4000 }],
    ['somebody else as owner', { scopes: ['tickets:read'], ownerId: 'ada' }],
  ])('are not made with %s', async (_what, fields) => {
    await using desk = await Desk.open()
    const { agent } = await desk.team('acme')

    expect((await agent.app.request('/api/api-keys', { json: { name: 'x', ...fields } })).status).toBe(400)
    expect((await keyOf(agent, ['tickets:read'])).secret).toMatch(/^tnn_test_/)
  })
})
