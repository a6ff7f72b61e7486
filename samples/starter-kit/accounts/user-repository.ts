import { BaseRepository, Repository } from 'tenon/data'

import { User } from './user.ts'

@Repository(User)
export class UserRepository extends BaseRepository<User> {
  /** Only whoever logs in is looked for without naming an organisation. */
  findByEmail(email: string): Promise<User | null> {
    return this.findOneBy({ email })
  }

  findMember(organisationId: string, id: string): Promise<User | null> {
    return this.findOneBy({ organisationId, id })
  }

  listMembers(organisationId: string): Promise<User[]> {
    return this.find({ where: { organisationId }, order: { name: 'ASC', id: 'ASC' } })
  }
}
