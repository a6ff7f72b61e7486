import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { DemoGreeting } from '../../../samples/starter-kit/demo-greeting.ts'
import { OrganisationRepository } from '../../../samples/starter-kit/organisations/organisation-repository.ts'
import { TicketRepository } from '../../../samples/starter-kit/tickets/ticket-repository.ts'
import { CommentRepository } from '../../../samples/starter-kit/comments/comment-repository.ts'
import { UserRepository } from '../../../samples/starter-kit/accounts/user-repository.ts'
import { answer, Desk } from './desk.ts'

const DEMO = { email: 'ben.okafor@northwind.example', password: 'service-desk-demo' }
const seeded = (variables: Record<string, string> = {}) =>
  Desk.open((builder) => builder.clock('2026-01-15T12:00:00Z').env({ DESK_SEED: 'true', ...variables }))

async function countsOf({ app }: Desk): Promise<readonly number[]> {
  const repositories = [OrganisationRepository, UserRepository, TicketRepository, CommentRepository] as const
  return Promise.all(repositories.map((each) => app.get<{ count(): Promise<number> }>(each).count()))
}

async function visit<T>(variables: Record<string, string>, work: (desk: Desk) => Promise<T>): Promise<T> {
  await using desk = await seeded(variables)
  return await work(desk)
}

describe('Demo data', () => {
  it('fills an empty desk with people, tickets and conversations', async () => {
    await using desk = await seeded()

    const [organisations, users, tickets, comments] = await countsOf(desk)

    expect({ organisations, users, tickets }).toEqual({ organisations: 4, users: 32, tickets: 152 })
    expect(comments).toBeGreaterThan(200)
  })

  it('is the same every time', async () => {
    await using one = await seeded()
    await using other = await seeded()
    const all = async ({ app }: Desk) => ({
      tickets: await app.get(TicketRepository).find({ order: { id: 'ASC' } }),
      comments: await app.get(CommentRepository).find({ order: { id: 'ASC' } }),
    })

    expect(await all(one)).toEqual(await all(other))
  })

  it('is believable: nothing of the future, work by agents, every state and urgency', async () => {
    await using desk = await seeded()
    const now = new Date('2026-01-15T12:00:00Z')

    const tickets = await desk.app.get(TicketRepository).find({ relations: { requester: true, assignee: true } })

    expect(tickets.every(({ createdAt, updatedAt }) => createdAt <= updatedAt && updatedAt <= now)).toBe(true)
    expect(new Set(tickets.map(({ state }) => state)).size).toBe(4)
    expect(new Set(tickets.map(({ priority }) => priority)).size).toBe(4)
    expect(new Set(tickets.map(({ requester }) => requester.role))).toEqual(new Set(['customer']))
    expect(new Set(tickets.map(({ assignee }) => assignee?.role))).toEqual(new Set([undefined, 'agent']))
    expect(tickets.every((ticket) => ticket.requester.organisationId === ticket.organisationId)).toBe(true)
    expect(
      tickets.every((ticket) => !ticket.assignee || ticket.assignee.organisationId === ticket.organisationId),
    ).toBe(true)
  })

  it('can be logged into with the login that is printed', async () => {
    await using desk = await seeded()

    const lines = await desk.app.get(DemoGreeting).lines('http://desk.example')

    expect(lines[1]).toBe(`Demo login:   ${DEMO.email} / ${DEMO.password}`)
    expect(await answer(desk.app.request('/api/auth/login', { json: DEMO }))).toMatchObject({
      status: 200,
      body: { user: { email: DEMO.email, role: 'agent' } },
    })
  })

  it('is not there unless it is asked for, and nothing is printed about it', async () => {
    await using desk = await Desk.open()

    expect(await countsOf(desk)).toEqual([0, 0, 0, 0])
    expect(await desk.app.get(DemoGreeting).lines('http://desk.example')).toEqual(['Service desk: http://desk.example'])
    expect((await desk.app.request('/api/auth/login', { json: DEMO })).status).toBe(401)
  })

  it('is written once: what was done to it survives a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'service-desk-'))
    try {
      const database = { DATABASE_URL: `sqlite:${join(folder, 'desk.sqlite')}` }
      const before = await visit(database, async (desk) => {
        await desk.app.get(CommentRepository).delete({ isInternal: true })
        return countsOf(desk)
      })

      const after = await visit(database, countsOf)

      expect(before.slice(0, 3)).toEqual([4, 32, 152])
      expect(after).toEqual(before)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('is refused in production', async () => {
    const opening = seeded({
      TENON_ENV: 'production',
      TOKEN_SECRET: 'long enough to sign tokens with it',
      DATABASE_URL: 'sqlite::memory:',
    })

    await expect(opening).rejects.toThrow('DESK_SEED is on in production')
  })
})
