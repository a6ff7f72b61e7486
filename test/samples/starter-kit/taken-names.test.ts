import { Repository } from 'tenon/data'

import { OrganisationsService } from '../../../samples/starter-kit/organisations/organisations-service.ts'
import { UserRepository } from '../../../samples/starter-kit/accounts/user-repository.ts'
import { User } from '../../../samples/starter-kit/accounts/user.ts'
import { answer, Desk } from './desk.ts'

@Repository(User)
class BrokenRepository extends UserRepository {
  override find(): Promise<User[]> {
    return this.manager.query('SELECT secret FROM nowhere')
  }
}

describe('A name that somebody else takes at the same moment', () => {
  it('is a conflict', async () => {
    await using desk = await Desk.open()
    const organisations = desk.app.get(OrganisationsService)
    const found = () =>
      organisations.found('Acme').then(
        () => 'founded',
        ({ code }: { code: string }) => code,
      )

    const outcomes = await Promise.all([found(), found(), found()])

    expect(outcomes.toSorted()).toEqual(['DESK_ORGANISATION_NAME_TAKEN', 'DESK_ORGANISATION_NAME_TAKEN', 'founded'])
  })

  it('is not confused with other failures of the database, which stay inside', async () => {
    await using desk = await Desk.open((builder) => builder.override(UserRepository).withClass(BrokenRepository))
    const { admin } = await desk.team('acme')

    const { status, body } = await answer(admin.app.request('/api/users'))

    expect(status).toBe(500)
    expect(JSON.stringify(body)).not.toContain('nowhere')
  })
})
