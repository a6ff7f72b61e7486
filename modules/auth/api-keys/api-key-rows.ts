import { BaseRepository, Repository } from 'tenon/data'

import { ApiKey } from './api-key.ts'

@Repository(ApiKey)
export class ApiKeyRows extends BaseRepository<ApiKey> {}
