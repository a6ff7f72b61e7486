import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { acrossTenants, Tenants } from 'tenon/tenancy'

import { DemoGreeting } from '../../../samples/starter-kit/demo-greeting.ts'
import { TicketRepository } from '../../../samples/starter-kit/tickets/ticket-repository.ts'
import { CommentRepository } from '../../../samples/starter-kit/comments/comment-repository.ts'
import { UserRepository } from '../../../samples/starter-kit/accounts/user-repository.ts'
import { answer, Desk, PRODUCTION } from './desk.ts'

const DEMO = { email: 'ben.okafor@northwind.example', password: 'service-desk-demo' }
const seeded = (variables: Record<string, string> = {}) =>
  Desk.open((builder) => builder.clock('2026-01-15T12:00:00Z').env({ DESK_SEED: 'true', ...variables }))

async function countsOf({ app }: Desk): Promise<readonly number[]> {
  const repositories = [UserRepository, TicketRepository, CommentRepository] as const
  const organisations = await app.get(Tenants).list()
  const counts = await acrossTenants('test', () =>
    Promise.all(repositories.map((each) => app.get<{ count(): Promise<number> }>(each).count())),
  )
  return [organisations.length, ...counts]
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
    const all = ({ app }: Desk) =>
      acrossTenants('test', async () => ({
        tickets: await app.get(TicketRepository).find({ order: { id: 'ASC' } }),
        comments: await app.get(CommentRepository).find({ order: { id: 'ASC' } }),
      }))

    expect(await all(one)).toEqual(await all(other))
  })

  it('is believable: nothing of the future, work by agents, every state and urgency', async () => {
    await using desk = await seeded()
    const now = new Date('2026-01-15T12:00:00Z')

    const tickets = await acrossTenants('test', () =>
      desk.app.get(TicketRepository).find({ relations: { requester: true, assignee: true } }),
    )

    expect(tickets.every(({ createdAt, updatedAt }) => createdAt <= updatedAt && updatedAt <= now)).toBe(true)
    expect(new Set(tickets.map(({ state }) => state)).size).toBe(4)
    expect(new Set(tickets.map(({ priority }) => priority)).size).toBe(4)
    expect(new Set(tickets.map(({ requester }) => requester.roles[0]))).toEqual(new Set(['customer']))
    expect(new Set(tickets.map(({ assignee }) => assignee?.roles[0]))).toEqual(new Set([undefined, 'agent']))
    expect(tickets.every((ticket) => ticket.requester.tenant === ticket.organisationId)).toBe(true)
    expect(tickets.every((ticket) => !ticket.assignee || ticket.assignee.tenant === ticket.organisationId)).toBe(true)
  })

  it('can be logged into with the login that is printed', async () => {
    await using desk = await seeded()

    const lines = await desk.app.get(DemoGreeting).lines('http://desk.example')

    const login = await answer(desk.app.request('/api/auth/token', { json: DEMO }))
    const headers = { authorization: `Bearer ${login.body.accessToken}` }

    expect(lines).toContain(`Demo login:   ${DEMO.email} / ${DEMO.password}`)
    expect(login.status).toBe(200)
    expect(await answer(desk.app.request('/api/me', { headers }))).toMatchObject({
      status: 200,
      body: { email: DEMO.email, roles: ['agent'], organisationId: 'northwind-logistics' },
    })
  })

  it('is not there unless it is asked for, and nothing is printed about it', async () => {
    await using desk = await Desk.open()

    expect(await countsOf(desk)).toEqual([0, 0, 0, 0])
    expect(await desk.app.get(DemoGreeting).lines('http://desk.example')).toEqual(['Service desk: http://desk.example'])
    expect((await desk.app.request('/api/auth/token', { json: DEMO })).status).toBe(401)
  })

  it('is written once: what was done to it survives a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'service-desk-'))
    try {
      const database = { DATABASE_URL: `sqlite:${join(folder, 'desk.sqlite')}` }
      const before = await visit(database, async (desk) => {
        await acrossTenants('test', () => desk.app.get(CommentRepository).delete({ isInternal: true }))
        return countsOf(desk)
      })

      const after = await visit(database, countsOf)

      expect(before.slice(0, 3)).toEqual([4, 32, 152])
      expect(after).toEqual(before)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('makes one key for the printed lines, however often they are printed', async () => {
    await using desk = await seeded()
    const keyIn = (lines: readonly string[]) => /X-Api-Key: (\S+)'/.exec(lines.join('\n'))?.[1] as string
    const greeting = desk.app.get(DemoGreeting)
    const first = keyIn(await greeting.lines('http://desk.example'))
    const second = keyIn(await greeting.lines('http://desk.example'))
    const ask = async (key: string) =>
      (await desk.app.request('/api/tickets', { headers: { 'x-api-key': key } })).status

    expect([await ask(first), await ask(second)]).toEqual([401, 200])
  })

  it('is refused in production', async () => {
    const opening = seeded(PRODUCTION)

    await expect(opening).rejects.toThrow('DESK_SEED is on in production')
  })
})
