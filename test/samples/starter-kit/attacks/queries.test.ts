/** Queries, filters, orders, cursors and identifiers that nobody meant. */
import { expecting, Siege, type Team, type Ticket } from './siege.ts'

describe('A query of the starter kit', () => {
  let siege: Siege
  let team: Team
  let strangers: Team
  let theirs: Ticket
  let colleagues: Ticket

  beforeAll(async () => {
    siege = await Siege.begin()
    team = await siege.team('kestrel-works')
    strangers = await siege.team('magpie-works')
    await siege.ticket(team.customer, { subject: 'Mine' })
    colleagues = await siege.ticket(team.colleague, { subject: 'Of a colleague' })
    theirs = await siege.ticket(strangers.customer, { subject: 'Of strangers' })
  })

  afterAll(() => siege[Symbol.asyncDispose]())

  const REFUSED = [
    'sort=passwordHash',
    'sort=requester.passwordHash',
    'sort=subject;DROP TABLE tickets',
    'sort=subject,organisationId',
    'sort=-',
    'sort=(SELECT 1)',
    'sort[]=subject',
    'sort=subject&sort=-subject',
    'state=open&state=closed',
    'state[]=open',
    'state[$ne]=open',
    'state=open%00',
    'page=1&page=2',
    'page=0',
    'page=-1',
    'page=1.5',
    'page=0x10',
    'page=99999999999999999999',
    'page=NaN',
    'size=0',
    'size=101',
    'size=1000000',
    'size=-1',
    'size=',
    'organisationId=magpie-works',
    'tenantId=magpie-works',
    'tenant=magpie-works',
    'where=1=1',
    'include=requester.passwordHash',
    'fields=passwordHash',
    'relations=comments',
    '__proto__=1',
    'constructor[prototype][x]=1',
    'requesterId=1 OR 1=1',
    'assigneeId=null',
    'search=',
    `search=${'x'.repeat(121)}`,
  ]

  it.each(REFUSED)('%s is refused', async (query) => {
    const reply = await siege.as(team.agent, { path: `/api/tickets?${query.replaceAll(' ', '%20')}` })

    expect(reply.status).toBe(400)
    expect(reply.text).not.toMatch(/SELECT|FROM|sqlite|column/i)
    expecting(200, await siege.as(team.agent, { path: '/api/tickets?sort=subject&size=100&page=1&state=open' }))
  })

  it.each([
    "search=' OR '1'='1",
    "search=%' OR 1=1 --",
    "search=x') UNION SELECT id, passwordHash FROM users --",
    'search=%25',
    'search=_',
    'search=!%25',
    'search=\\',
  ])('%s looks for these letters, and finds nothing else', async (query) => {
    const reply = await siege.as(team.agent, { path: `/api/tickets?${query.replaceAll(' ', '%20')}` })

    expect(reply).toMatchObject({ status: 200, body: { total: 0, items: [] } })
    expect((await siege.as(team.agent, { path: '/api/tickets?search=mine' })).body.total).toBe(1)
  })

  it.each([
    ['requesterId of somebody else', () => `requesterId=${team.colleague.id}`],
    ['requesterId of a stranger', () => `requesterId=${strangers.customer.id}`],
    ['search for what a colleague wrote', () => 'search=colleague'],
    ['search for what strangers wrote', () => 'search=strangers'],
    ['all pages', () => 'size=100&sort=-createdAt'],
  ])('%s widens nothing for a customer', async (_what, query) => {
    const { body, text } = await siege.as(team.customer, { path: `/api/tickets?${query()}` })

    expect(body.total).toBeLessThanOrEqual(1)
    expect(text).not.toMatch(/Of a colleague|Of strangers/)
    expect((await siege.as(team.colleague, { path: '/api/tickets?search=colleague' })).body.total).toBe(1)
  })

  it.each(['0', '-1', '1.5', '1e1', '0x1', '+1', ' 1', '1 OR 1=1', "1'", '99999999999999999999', 'null', 'me', '1,2'])(
    'the ticket "%s" is none',
    async (id) => {
      const reply = await siege.as(team.agent, { path: `/api/tickets/${encodeURIComponent(id)}` })

      expect([400, 404]).toContain(reply.status)
      expecting(200, await siege.as(team.agent, { path: `/api/tickets/${colleagues.id}` }))
    },
  )

  it.each(['page=1000000000', 'page=9007199254740991&size=100', 'page=1e15'])('%s reaches nothing', async (query) => {
    const { status, text } = await siege.as(team.agent, { path: `/api/tickets?${query}` })

    expect([200, 400]).toContain(status)
    expect(text).not.toContain('"subject"')
    expect((await siege.as(team.agent, { path: '/api/tickets?page=1' })).body.items.length).toBeGreaterThan(0)
  })

  it('answers the same for the ticket of a stranger and for none', async () => {
    const ask = async (id: number) => {
      const { status, body } = await siege.as(team.admin, { path: `/api/tickets/${id}` })
      const { traceId: _, ...rest } = body
      return JSON.stringify({ status, ...rest }).replaceAll(String(id), 'ID')
    }

    expect(await ask(theirs.id)).toBe(await ask(999_999))
    expecting(200, await siege.as(strangers.admin, { path: `/api/tickets/${theirs.id}` }))
  })

  it('takes no cursor that was changed, made up, of another list or of a stranger', async () => {
    const path = `/api/tickets/${colleagues.id}/comments`
    const strange = `/api/tickets/${theirs.id}/comments`
    for (const body of ['one', 'two', 'three']) {
      expecting(201, await siege.as(team.agent, { path, json: { body } }))
      expecting(201, await siege.as(strangers.agent, { path: strange, json: { body: `strange ${body}` } }))
    }
    const next = (await siege.as(team.agent, { path: `${path}?size=1` })).body.next as string
    const foreign = (await siege.as(strangers.agent, { path: `${strange}?size=1` })).body.next as string
    const after = (cursor: string) =>
      siege.as(team.agent, { path: `${path}?size=1&after=${encodeURIComponent(cursor)}` })

    for (const forged of [
      'x',
      '{}',
      '[]',
      'null',
      `${next}x`,
      next.slice(1),
      Buffer.from('{"id":0}').toString('base64url'),
    ]) {
      expect([forged, (await after(forged)).status]).toEqual([forged, 400])
    }
    expect((await after(foreign)).text).not.toContain('strange')
    expect((await after(next)).body.items[0].body).toBe('two')
  })

  it.each(['"x"', 'W/"1"', '1, 2', '-1', '1e3', '99999999999999', "1' OR '1'='1"])(
    'If-Match: %s changes nothing',
    async (ifMatch) => {
      const path = `/api/tickets/${colleagues.id}`
      const change = (value: string, priority: string) =>
        siege.as(team.agent, { method: 'PATCH', path, headers: { 'if-match': value }, json: { priority } })

      expect([400, 409]).toContain((await change(ifMatch, 'urgent')).status)

      const { body } = await siege.as(team.agent, { path })
      expect(body.priority).not.toBe('urgent')
      expecting(200, await change(`"${body.version}"`, 'low'))
    },
  )
})
