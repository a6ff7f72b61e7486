/** What a replica cannot do. */
import { defineError } from 'tenon'

export const ReplicaWritten = defineError({
  code: 'DATA_REPLICA_WRITTEN',
  status: 500,
  message: () => 'Code that said it only reads from replicas wants to write.',
  help: 'Remove @Replica() or onReplica(), or write outside of it.',
})
