import type { TestApp } from 'tenon/testing'

import { ABE, ADA, CARL, CLEO, Ticket, Tickets } from '../service-desk.ts'
import { bootDesk, send, type Attack } from './attack.ts'

const own = { path: '/tickets/1', as: CLEO }
const foreign = { path: '/tickets/1', as: CARL }

const ATTACKS: readonly Attack[] = [
  { name: 'reading a row of others', attack: foreign, refused: [404], control: own, allowed: 200 },
  {
    name: 'reading a row of nobody one knows',
    attack: { path: '/tickets/4', as: CLEO },
    refused: [404],
    control: { path: '/tickets/3', as: CLEO },
    allowed: 200,
  },
  {
    name: 'a key that is SQL',
    attack: { path: `/tickets/${encodeURIComponent('4 OR 1=1')}`, as: CLEO },
    refused: [400, 404],
    control: own,
    allowed: 200,
  },
  {
    name: 'a key as a list',
    attack: { path: '/tickets/1,4', as: CARL },
    refused: [400, 404],
    control: own,
    allowed: 200,
  },
  {
    name: 'a caller whose id is written otherwise',
    attack: { path: '/tickets/1', as: { id: 'CLEO', roles: ['customer'] } },
    refused: [404],
    control: own,
    allowed: 200,
  },
  {
    name: 'a caller whose id is SQL',
    attack: { path: '/tickets/1', as: { id: "x' OR '1'='1", roles: ['customer'] } },
    refused: [404],
    control: own,
    allowed: 200,
  },
  {
    name: 'changing a row of others',
    attack: { ...foreign, method: 'PATCH', json: { subject: 'mine' } },
    refused: [404],
    control: { ...own, method: 'PATCH', json: { subject: 'Printer' } },
    allowed: 200,
  },
  {
    name: 'changing a row that one may only read',
    attack: { path: '/tickets/3', as: CLEO, method: 'PATCH', json: { subject: 'mine' } },
    refused: [403],
    control: { path: '/tickets/3', as: CARL, method: 'PATCH', json: { subject: 'Mouse' } },
    allowed: 200,
  },
  {
    name: 'changing a row of one’s own in a state that forbids it',
    attack: { path: '/tickets/2', as: CLEO, method: 'PATCH', json: { subject: 'again' } },
    refused: [403],
    control: { path: '/tickets/2', as: ABE, method: 'PATCH', json: { subject: 'Screen' } },
    allowed: 200,
  },
  {
    name: 'deleting a row of others',
    attack: { ...foreign, method: 'DELETE' },
    refused: [403, 404],
    control: { path: '/tickets/4', as: ADA, method: 'DELETE' },
    allowed: 204,
  },
  {
    name: 'deleting a row of one’s own',
    attack: { ...own, method: 'DELETE' },
    refused: [403],
    control: { path: '/tickets/4', as: ADA, method: 'DELETE' },
    allowed: 204,
  },
  {
    name: 'deleting what a denial protects, as an admin',
    attack: { path: '/tickets/2', as: ADA, method: 'DELETE' },
    refused: [403],
    control: { path: '/tickets/1', as: ADA, method: 'DELETE' },
    allowed: 204,
  },
  {
    name: 'deleting all rows',
    attack: { path: '/tickets', as: ABE, method: 'DELETE' },
    refused: [403],
    control: { path: '/tickets', as: ADA, method: 'DELETE' },
    allowed: 200,
  },
  ...(['state', 'requesterId', 'internalNotes'] as const).map((field): Attack => ({
    name: `mass assignment of ${field}`,
    attack: { ...own, method: 'PATCH', json: { subject: 'x', [field]: 'carl' } },
    refused: [403],
    control: { ...own, method: 'PATCH', json: { subject: 'x' } },
    allowed: 200,
  })),
  {
    name: 'mass assignment of the requester by an agent',
    attack: { ...own, as: ABE, method: 'PATCH', json: { requesterId: 'abe' } },
    refused: [403],
    control: { ...own, as: ADA, method: 'PATCH', json: { requesterId: 'cleo' } },
    allowed: 200,
  },
  {
    name: 'mass assignment of a field nobody declared',
    attack: { ...own, method: 'PATCH', json: { subject: 'x', projectId: 7 } },
    refused: [400, 403],
    control: { ...own, method: 'PATCH', json: { subject: 'x' } },
    allowed: 200,
  },
  {
    name: 'a prototype in the body',
    attack: {
      ...own,
      method: 'PATCH',
      json: JSON.parse('{"__proto__":{"internalNotes":"x"},"subject":"x"}') as unknown,
    },
    refused: [400, 403],
    control: { ...own, method: 'PATCH', json: { subject: 'x' } },
    allowed: 200,
  },
]

describe('Attacks on rows', () => {
  it.each(ATTACKS)('fail: $name', async ({ attack, refused, control, allowed }) => {
    await using app = await bootDesk()
    const before = await rowsOf(app)

    const response = await send(app, attack)
    const after = await rowsOf(app)
    const twin = await send(app, control)

    expect(refused).toContain(response.status)
    expect(after).toEqual(before)
    expect(await response.text()).not.toContain('Printer')
    expect(twin.status).toBe(allowed)
  })

  it('fail: a bulk change beyond what one may write', async () => {
    await using app = await bootDesk()

    const attack = await send(app, { path: '/tickets/close-all', method: 'POST', as: CLEO })
    const after = await app.get(Tickets).countBy({ state: 'closed' })
    const control = await send(app, { path: '/tickets/close-all', method: 'POST', as: ABE })

    expect([attack.status, await attack.json()]).toEqual([201, { closed: 0 }])
    expect(after).toBe(1)
    expect(await control.json()).toEqual({ closed: 4 })
  })

  it('fail: reading a masked field by a list, a page, an answer to a change', async () => {
    await using app = await bootDesk()
    const calls = [
      { path: '/tickets' },
      { path: '/tickets/page' },
      { path: '/tickets/1' },
      { path: '/tickets/1', method: 'PATCH', json: { subject: 'x' } },
      { path: '/tickets/1/quietly', method: 'PATCH', json: { internalNotes: 'mine' } },
    ]

    for (const call of calls) {
      expect(await (await send(app, { ...call, as: CLEO })).text()).not.toMatch(/internalNotes|again/)
      expect(await (await send(app, { ...call, as: ABE })).text()).toContain('internalNotes')
    }
  })

  it('fail: learning from the answer whether a row is there', async () => {
    await using app = await bootDesk()
    const bodyOf = async (path: string): Promise<unknown> => {
      const { traceId: _, ...body } = (await (await send(app, { path, as: CARL })).json()) as { traceId: string }
      return JSON.parse(JSON.stringify(body).replaceAll(path.replace('/tickets/', ''), 'N')) as unknown
    }

    expect(await bodyOf('/tickets/1')).toEqual(await bodyOf('/tickets/77'))
    expect((await send(app, { path: '/tickets/1', as: CLEO })).status).toBe(200)
  })
})

function rowsOf(app: TestApp): Promise<readonly Ticket[]> {
  return app.get(Tickets).find({ order: { id: 'ASC' } })
}
