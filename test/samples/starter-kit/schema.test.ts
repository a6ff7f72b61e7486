import { Database, Migrations } from 'tenon/data'
import { acrossTenants, runAsTenant } from 'tenon/tenancy'
import { testApp } from 'tenon/testing'

import { AppModule } from '../../../samples/starter-kit/app-module.ts'
import { TicketRepository } from '../../../samples/starter-kit/tickets/ticket-repository.ts'
import { onEveryDatabase } from '../../modules/data/on-every-database.ts'
import { createOrdinaryDatabase, onPostgres } from '../../modules/tenancy/ordinary-user.ts'
import { answer, Desk } from './desk.ts'

onEveryDatabase('The schema of the service desk', ({ create }) => {
  it('is what its entities say, forward and back', async () => {
    await using database = await create()
    const environment = { DATABASE_URL: database.url }
    await using app = await testApp(AppModule).env(environment).boot()
    const migrations = app.get(Migrations)

    expect(await migrations.drift()).toEqual({ statements: [], losses: [] })
    const { length } = await migrations.status()
    expect(await migrations.rollback({ steps: length })).toHaveLength(length)
    expect(await migrations.run()).toHaveLength(length)
    expect(await migrations.drift()).toEqual({ statements: [], losses: [] })
  })

  it('holds what callers do: tickets, comments, history, pages', async () => {
    await using database = await create()
    await using desk = await Desk.open((builder) => builder.env({ DATABASE_URL: database.url }))
    const acme = await desk.team('acme')
    const globex = await desk.team('globex')
    const ticket = await desk.ticket(acme.customer, { subject: 'Ours' })
    await desk.ticket(globex.customer, { subject: 'Theirs' })
    const path = `/api/tickets/${ticket.id}`
    const status = async (asked: Promise<Response>) => (await asked).status

    expect(await status(acme.agent.app.request(path, { method: 'PATCH', json: { internalNotes: 'again' } }))).toBe(200)
    expect(await status(acme.agent.app.request(`${path}/comments`, { json: { body: 'One.', isInternal: true } }))).toBe(
      201,
    )
    expect(await status(acme.customer.app.request(`${path}/comments`, { json: { body: 'Two.' } }))).toBe(201)
    expect((await answer(acme.customer.app.request(`${path}/comments`))).body.items).toHaveLength(1)
    expect((await answer(acme.agent.app.request(`${path}/comments`))).body.items).toHaveLength(2)
    expect((await answer(acme.agent.app.request(`${path}/history`))).body).toHaveLength(4)
    expect((await answer(acme.agent.app.request('/api/tickets'))).body).toMatchObject({ total: 1 })
    expect(await status(globex.admin.app.request(path))).toBe(404)
  })
})

const behindPolicies = await onPostgres('The service desk behind policies of PostgreSQL')

behindPolicies(() => {
  it('seeds, serves, and keeps rows apart where nothing else looks', async () => {
    await using database = await createOrdinaryDatabase()
    await using desk = await Desk.open((builder) => builder.env({ DATABASE_URL: database.url, DESK_SEED: 'true' }))
    const credentials = { email: 'ben.okafor@northwind.example', password: 'service-desk-demo' }
    const login = await answer(desk.app.request('/api/auth/token', { json: credentials }))
    const headers = { authorization: `Bearer ${login.body.accessToken}` }
    // What was written without a look at statements: the pool's own connections.
    const { master } = desk.app.get(Database).source.driver as unknown as { readonly master: Pool }
    const count = async () => {
      const { rows } = await master.query('SELECT COUNT(*)::int AS total FROM tickets')
      return rows[0]?.total
    }

    const list = await answer(desk.app.request('/api/tickets', { headers }))

    expect(list.body.total).toBe(38)
    expect(await acrossTenants('the test counts', () => desk.app.get(TicketRepository).count())).toBe(152)
    expect(await runAsTenant('lumen-energy', () => desk.app.get(TicketRepository).count())).toBe(38)
    expect(await count()).toBe(0)
  })
})

interface Pool {
  query(sql: string): Promise<{ readonly rows: readonly { readonly total: number }[] }>
}
