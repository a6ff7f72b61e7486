/** Lets endpoints and provider methods that are marked `@Replica` read from replicas. */
import type { Around, Endpoint, EndpointInterceptor } from 'tenon'
import { Interceptor, REPLICA } from 'tenon/decorators'

import { onReplica } from './route.ts'

@Interceptor({ phase: 'transact', on: 'all' })
export class ReplicaInterceptor implements EndpointInterceptor {
  forEndpoint({ type, method }: Endpoint): Around | undefined {
    if (!(REPLICA.read(type, method) ?? REPLICA.read(type))) return undefined
    return (_context, next) => onReplica(next)
  }
}
