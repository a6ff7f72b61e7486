import { Repository } from 'tenon/data'

import { UserRepository } from '../../../samples/starter-kit/accounts/user-repository.ts'
import { User } from '../../../samples/starter-kit/accounts/user.ts'
import { answer, Desk } from './desk.ts'

/** Looks before the other caller has written. */
@Repository(User)
class HastyRepository extends UserRepository {
  override existsBy(): Promise<boolean> {
    return Promise.resolve(false)
  }
}

@Repository(User)
class BrokenRepository extends UserRepository {
  override listMembers(): Promise<User[]> {
    return this.manager.query('SELECT secret FROM nowhere')
  }
}

describe('A name that somebody else takes at the same moment', () => {
  it('is a conflict', async () => {
    await using desk = await Desk.open((builder) => builder.override(UserRepository).withClass(HastyRepository))
    const { admin, agent } = await desk.team('acme')
    const json = { email: agent.email, name: 'Late', role: 'agent', password: 'correct horse battery' }

    expect(await answer(admin.app.request('/api/users', { json }))).toMatchObject({
      status: 409,
      body: { code: 'DATA_DUPLICATE_ROW' },
    })
    expect((await admin.app.request('/api/users', { json: { ...json, email: 'late@acme.example' } })).status).toBe(201)
  })

  it('is not confused with other failures of the database, which stay inside', async () => {
    await using desk = await Desk.open((builder) => builder.override(UserRepository).withClass(BrokenRepository))
    const { admin } = await desk.team('acme')

    const { status, body } = await answer(admin.app.request('/api/users'))

    expect(status).toBe(500)
    expect(JSON.stringify(body)).not.toContain('nowhere')
  })
})
