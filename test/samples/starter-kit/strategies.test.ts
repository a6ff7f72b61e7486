import { Database, UnitOfWork } from 'tenon/data'
import { runAsTenant, Tenants } from 'tenon/tenancy'

import { CommentRepository } from '../../../samples/starter-kit/comments/comment-repository.ts'
import { OrganisationsService } from '../../../samples/starter-kit/organisations/organisations-service.ts'
import { TicketRepository } from '../../../samples/starter-kit/tickets/ticket-repository.ts'
import { answer, Desk } from './desk.ts'
import { onEveryStrategy } from './strategies.ts'

onEveryStrategy(({ strategy, create }) => {
  it('seeds, serves, names people, keeps the history of each, and forgets an organisation whole', async () => {
    await using database = await create()
    await using desk = await Desk.open((builder) => builder.env({ ...database.env, DESK_SEED: 'true' }))
    const acme = await desk.team('acme')
    const globex = await desk.team('globex')
    const ticket = await desk.ticket(acme.customer)
    const theirs = await desk.ticket(globex.customer)
    const path = `/api/tickets/${ticket.id}`
    const assigning = { method: 'PATCH', json: { assigneeId: acme.agent.id } }
    const stranger = { method: 'PATCH', json: { assigneeId: globex.agent.id } }

    const assigned = await answer(acme.agent.app.request(path, assigning))
    const refused = await answer(acme.agent.app.request(path, stranger))
    await answer(acme.customer.app.request(`${path}/comments`, { json: { body: 'Two.' } }))
    const comments = await answer(acme.agent.app.request(`${path}/comments`))
    const histories = await Promise.all([
      answer(acme.agent.app.request(`${path}/history`)),
      answer(globex.agent.app.request(`/api/tickets/${theirs.id}/history`)),
    ])
    const members = await answer(acme.admin.app.request('/api/users'))
    const promoted = await answer(
      acme.admin.app.request(`/api/users/${acme.customer.id}`, { method: 'PATCH', json: { role: 'agent' } }),
    )
    const counts = await Promise.all(
      ['northwind-logistics', 'acme', 'globex'].map((id) =>
        runAsTenant(id, async () => [
          await desk.app.get(TicketRepository).count(),
          await desk.app.get(CommentRepository).count(),
        ]),
      ),
    )
    const tenants = desk.app.get(Tenants)
    await tenants.suspend('acme')
    const { tables } = await tenants.delete('acme')

    expect([assigned, refused, promoted].map(({ status }) => status)).toEqual([200, 422, 200])
    expect(assigned.body).toMatchObject({
      requester: { id: acme.customer.id, name: 'customer' },
      assignee: { id: acme.agent.id, name: 'agent' },
    })
    expect(comments.body.items).toMatchObject([{ body: 'Two.', author: { name: 'customer' } }])
    expect(histories.map(({ body }) => body.length as number)).toEqual([3, 1])
    expect(members.body).toHaveLength(4)
    expect(counts.map(([tickets]) => tickets)).toEqual([38, 1, 1])
    expect(counts.map(([, said]) => (said ?? 0) > 50)).toEqual([true, false, false])
    expect(tables).toEqual(
      expect.arrayContaining([
        { table: 'comments', deleted: 1, left: 0 },
        { table: 'data_history', deleted: 3, left: 0 },
        { table: 'tickets', deleted: 1, left: 0 },
      ]),
    )
    expect((await answer(globex.agent.app.request(`/api/tickets/${theirs.id}/history`))).body).toHaveLength(1)
  })

  it('founds an organisation with the sign-up, or not at all', async () => {
    await using database = await create()
    await using desk = await Desk.open((builder) => builder.env(database.env))
    const organisations = desk.app.get(OrganisationsService)
    const unitOfWork = desk.app.get(UnitOfWork)

    const failing = unitOfWork.transaction(async () => {
      await organisations.found('Acme')
      throw new Error('after the organisation was founded')
    })
    await expect(failing).rejects.toThrow('after the organisation')
    const left = await placesLike(desk, 'acme')
    await unitOfWork.transaction(() => organisations.found('Acme'))

    // A database cannot be taken back; who is founded next under that name finds it empty.
    expect(left).toBe(strategy === 'database' ? 1 : 0)
    expect(await desk.app.get(Tenants).list()).toMatchObject([{ id: 'acme' }])
    expect(await runAsTenant('acme', () => desk.app.get(TicketRepository).count())).toBe(0)
  })

  async function placesLike({ app }: Desk, tenant: string): Promise<number> {
    const database = app.get(Database)
    if (strategy === 'database') return Number(await database.hasOf(tenant))
    if (strategy === 'shared') return 0
    const rows: unknown = await database.source.query('SELECT 1 FROM pg_namespace WHERE nspname LIKE $1', [
      `%${tenant}`,
    ])
    return (rows as readonly unknown[]).length
  }
})
