/** The library's port to storage, on our table. */
import type { Adapter, AdapterFactory, AdapterPayload, errors } from 'oidc-provider'

import type { OidcRecords } from './oidc-records.ts'

export function adapterOn(records: OidcRecords, { InvalidGrant }: typeof errors): AdapterFactory {
  return (kind): Adapter => ({
    upsert: (id: string, payload: AdapterPayload, expiresIn?: number) => records.keep(kind, id, payload, expiresIn),
    find: (id: string) => records.find(kind, id),
    findByUid: (uid: string) => records.findByUid(kind, uid),
    /** Codes typed by people belong to the device flow, which is off. */
    findByUserCode: () => Promise.resolve(undefined),
    destroy: async (id: string) => void (await records.remove(kind, id)),
    revokeByGrantId: (grantId: string) => records.removeOfGrant(grantId),
    /** The library looks, and then consumes: two calls at the same time both find a code unused. Here only one gets through. */
    consume: async (id: string) => {
      if (await records.consume(kind, id)) return
      const grantId = await records.grantOf(kind, id)
      if (grantId !== undefined) await records.removeOfGrant(grantId)
      throw new InvalidGrant('it was used already')
    },
  })
}
