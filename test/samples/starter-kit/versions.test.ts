import { answer, Desk, type Member } from './desk.ts'

const asking = (version: string) => ({ headers: { 'x-api-version': version } })
const NEW = { description: 'Since this morning.' }

const open = ({ app }: Member, json: object, version?: string) =>
  answer(app.request('/api/tickets', { json, ...(version !== undefined && asking(version)) }))

describe('Versions of the ticket API', () => {
  it('call the same thing a title in version 1 and a subject since', async () => {
    await using desk = await Desk.open()
    const { customer } = await desk.team('acme')

    const old = await open(customer, { ...NEW, title: 'Old words' }, '1')
    const today = await open(customer, { ...NEW, subject: 'New words' }, '2')
    const silent = await open(customer, { ...NEW, subject: 'No word on it' })

    expect(old).toMatchObject({ status: 201, body: { title: 'Old words' } })
    expect(old.body).not.toHaveProperty('subject')
    expect(today).toMatchObject({ status: 201, body: { subject: 'New words' } })
    expect(silent.status).toBe(201)
    const list = await answer(customer.app.request('/api/tickets?sort=-title', asking('1')))
    expect(list.body.items.map(({ title }: { title: string }) => title)).toEqual([
      'Old words',
      'No word on it',
      'New words',
    ])
    expect((await answer(customer.app.request(`/api/tickets/${old.body.id}`))).body.subject).toBe('Old words')
  })

  it('take the words of their own version only', async () => {
    await using desk = await Desk.open()
    const { customer } = await desk.team('acme')

    expect((await open(customer, { ...NEW, title: 'Old words' }, '2')).status).toBe(400)
    expect((await open(customer, { ...NEW, title: 'No' }, '1')).status).toBe(400)
    expect((await open(customer, { ...NEW, subject: 'New words' }, '2')).status).toBe(201)
    expect(await answer(customer.app.request('/api/tickets', asking('3')))).toMatchObject({
      status: 400,
      body: { code: 'VERSIONING_VERSION_UNSUPPORTED' },
    })
  })

  it('list comments at once in version 1, and a page at a time since', async () => {
    await using desk = await Desk.open()
    const { customer } = await desk.team('acme')
    const { id } = await desk.ticket(customer)
    await customer.app.request(`/api/tickets/${id}/comments`, { json: { body: 'Hello!' } })
    const path = `/api/tickets/${id}/comments`

    expect((await answer(customer.app.request(path, asking('1')))).body).toMatchObject([{ body: 'Hello!' }])
    expect((await answer(customer.app.request(path))).body).toMatchObject({ items: [{ body: 'Hello!' }], next: null })
  })

  it('tell who closes tickets the old way that it will go', async () => {
    await using desk = await Desk.open()
    const { agent, customer } = await desk.team('acme')
    const { id } = await desk.ticket(customer)
    const path = `/api/tickets/${id}/close`

    expect((await customer.app.request(path, { method: 'POST', ...asking('1') })).status).toBe(403)
    const closed = await agent.app.request(path, { method: 'POST', ...asking('1') })

    expect(closed.status).toBe(200)
    expect(closed.headers.get('deprecation')).toMatch(/^@\d+$/)
    expect(closed.headers.get('sunset')).toContain('2099')
    expect(closed.headers.get('link')).toContain('/transitions')
    expect(await closed.json()).toMatchObject({ state: 'closed', title: 'The printer is on fire' })
  })
})
