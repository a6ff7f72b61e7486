import { BaseRepository, Repository } from 'tenon/data'

import { ServiceAccount } from './service-account.ts'

@Repository(ServiceAccount)
export class ServiceAccountRows extends BaseRepository<ServiceAccount> {}
