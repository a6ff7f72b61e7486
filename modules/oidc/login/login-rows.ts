import { BaseRepository, Repository } from 'tenon/data'

import { LinkedIdentity } from './linked-identity.ts'
import { UsedState } from './used-state.ts'

@Repository(LinkedIdentity)
export class LinkedIdentities extends BaseRepository<LinkedIdentity> {}

@Repository(UsedState)
export class UsedStateRows extends BaseRepository<UsedState> {}
