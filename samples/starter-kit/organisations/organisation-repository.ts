import { BaseRepository, Repository } from 'tenon/data'

import { Organisation } from './organisation.ts'

/** Organisations by their own id: what belongs to one is asked for with its id elsewhere. */
@Repository(Organisation)
export class OrganisationRepository extends BaseRepository<Organisation> {}
