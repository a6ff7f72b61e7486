/**
 * Makes many tenants, or migrates them, until the middle of one: `node many-tenants.js <create | migrate> <strategy> <url>
 * <how many> <which>`. It is to be killed there.
 */
import { Tenants } from 'tenon/tenancy'

import { AddRank1751328000001, boot, CreateTickets1751328000000, idsOf, trouble } from '../many-tenants.ts'

const [, , what, strategy, url, count, stopsAt] = process.argv
trouble.stopsAt = stopsAt
const migrations = what === 'create' ? [] : [AddRank1751328000001]
await using app = await boot(strategy as 'schema', url!, [CreateTickets1751328000000, ...migrations])
const tenants = app.get(Tenants)
if (what === 'create') for (const id of idsOf(Number(count))) await tenants.create({ id })
else await tenants.migrateAll()
