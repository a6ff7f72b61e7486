import { securityEvents, type SecurityEvent } from 'tenon'
import { testApp, type TestApp } from 'tenon/testing'

import { ABE, ADA, CARL, CLEO, DeskModule, fillDesk } from './service-desk.ts'

const bootDesk = async (): Promise<TestApp> => {
  const app = await testApp(DeskModule).boot()
  await fillDesk(app)
  return app
}

const ids = async (response: Response): Promise<readonly number[]> =>
  ((await response.json()) as { id: number }[]).map(({ id }) => id)

describe('AccessModule', () => {
  it('lets roles in, and the roles that include them', async () => {
    await using app = await bootDesk()
    const statusOf = async (path: string, ...callers: (typeof ADA)[]): Promise<readonly number[]> =>
      Promise.all(callers.map(async (caller) => (await app.as(caller).request(path)).status))

    expect(await statusOf('/admin/secrets', ADA, ABE, CLEO)).toEqual([200, 403, 403])
    expect(await statusOf('/admin/statistics', ADA, ABE, CLEO)).toEqual([200, 200, 403])
    expect(await statusOf('/admin/reports', ADA, ABE, CLEO)).toEqual([200, 200, 403])
    expect(await statusOf('/admin/audit', ADA, ABE, { id: 'eve', roles: ['auditor'] })).toEqual([200, 403, 200])
    expect((await app.request('/admin/status')).status).toBe(200)
    expect((await app.request('/admin/secrets')).status).toBe(403)
  })

  it('filters lists, pages and bulk writes by the policy', async () => {
    await using app = await bootDesk()

    expect(await ids(await app.as(CLEO).request('/tickets'))).toEqual([1, 2, 3])
    expect(await ids(await app.as(CARL).request('/tickets'))).toEqual([3])
    expect(await ids(await app.as(ABE).request('/tickets'))).toEqual([1, 2, 3, 4])
    expect(await (await app.as(CARL).request('/tickets/page')).json()).toMatchObject({ total: 1, items: [{ id: 3 }] })
    expect(await (await app.as(ADA).request('/tickets', { method: 'DELETE' })).json()).toEqual({ removed: 3 })
    expect(await ids(await app.as(ABE).request('/tickets'))).toEqual([2])
  })

  it('decides on the row an endpoint is about, and hides rows that may not be read', async () => {
    await using app = await bootDesk()

    const own = await app.as(CLEO).request('/tickets/1')
    const ofOthers = await app.as(CARL).request('/tickets/1')
    const none = await app.as(CARL).request('/tickets/99')
    const closed = await app.as(ADA).request('/tickets/2', { method: 'DELETE' })

    expect(own.status).toBe(200)
    expect(ofOthers.status).toBe(404)
    expect(await ofOthers.json()).toMatchObject({ detail: 'There is no Ticket 1.' })
    expect(none.status).toBe(404)
    expect(closed.status).toBe(403)
  })

  it('masks fields in rows, lists and pages', async () => {
    await using app = await bootDesk()

    const one = (await (await app.as(CLEO).request('/tickets/1')).json()) as object
    const many = (await (await app.as(CLEO).request('/tickets')).json()) as object[]
    const page = (await (await app.as(CLEO).request('/tickets/page')).json()) as { items: object[] }
    const full = (await (await app.as(ABE).request('/tickets/1')).json()) as object

    expect(one).toHaveProperty('subject')
    for (const ticket of [one, ...many, ...page.items]) expect(ticket).not.toHaveProperty('internalNotes')
    expect(full).toMatchObject({ internalNotes: 'again' })
  })

  it('refuses fields that the caller may not write, or drops them where the endpoint says so', async () => {
    await using app = await bootDesk()
    const patch = (path: string, caller: typeof ADA, json: object): Promise<Response> =>
      app.as(caller).request(path, { method: 'PATCH', json })

    const allowed = await patch('/tickets/1', CLEO, { subject: 'Scanner' })
    const refused = await patch('/tickets/1', CLEO, { subject: 'Scanner', state: 'closed' })
    const dropped = await patch('/tickets/1/quietly', CLEO, { subject: 'Copier', state: 'closed' })

    expect(await allowed.json()).toMatchObject({ subject: 'Scanner' })
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ code: 'ACCESS_FIELD_REFUSED', errors: [{ pointer: '/state' }] })
    expect(await dropped.json()).toMatchObject({ subject: 'Copier', state: 'open' })
  })

  it('tells the log and the security events which rule has refused, where, and what would change it', async () => {
    await using app = await bootDesk()
    const events: SecurityEvent[] = []
    const stop = securityEvents.subscribe((event) => void (event.type === 'access.refused' && events.push(event)))

    const response = await app.as(CLEO).request('/admin/statistics')
    const closed = await app.as(ADA).request('/tickets/2', { method: 'DELETE' })
    stop()

    expect(await response.json()).not.toHaveProperty('explanation')
    expect(closed.status).toBe(403)
    const lines = app.logs.at('warn').filter(({ message }) => message.startsWith('Access refused'))
    expect(lines[0]?.message).toMatch(
      /GET \/admin\/statistics is refused by @Roles\('agent'\) of AdminController.statistics \(.*service-desk.ts:\d+:\d+\); user.roles must include "agent"/,
    )
    expect(lines[1]?.message).toMatch(
      /delete Ticket is refused by TicketPolicy: deny delete \(.*service-desk.ts:\d+:\d+\), because closed tickets are kept; ticket.state must not be "closed"/,
    )
    const own = events.filter(({ subject }) => subject === 'AdminController.statistics')
    expect(own).toMatchObject([
      { outcome: 'refused', principalId: 'cleo', details: { needs: 'user.roles must include "agent"' } },
    ])
  })

  it('explains to callers where that is chosen, and nowhere else', async () => {
    await using open = await testApp(DeskModule).env({ ACCESS_EXPLAIN: 'everyone' }).boot()

    const response = await open.as(CLEO).request('/admin/secrets')

    expect(await response.json()).toMatchObject({
      code: 'ACCESS_REFUSED',
      explanation: { rule: "@Roles('admin') of AdminController.secrets", needs: ['user.roles must include "admin"'] },
    })
  })
})
