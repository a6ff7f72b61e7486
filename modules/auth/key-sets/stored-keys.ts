import { BaseRepository, Repository } from 'tenon/data'

import { StoredKey } from './stored-key.ts'

@Repository(StoredKey)
export class StoredKeys extends BaseRepository<StoredKey> {}
