/** What the proof of tenants is told about the starter kit: who calls, and what columns and DTOs do not say. */
import type { Principal } from 'tenon'
import { proveTenancy, type ProofOptions, type TenancyProof } from 'tenon/tenancy'

import { AppModule } from '../../../samples/starter-kit/app-module.ts'

/** The accounts of the proof: in each organisation somebody of every role. Of the demo's columns they need no more. */
const ACCOUNTS = [
  { id: 'admin of prover-a', tenant: 'prover-a', roles: ['admin'] },
  { id: 'admin of prover-b', tenant: 'prover-b', roles: ['admin'] },
  { id: 'agent of prover-a', tenant: 'prover-a', roles: ['agent'] },
  { id: 'agent of prover-b', tenant: 'prover-b', roles: ['agent'] },
  { id: 'nobody', tenant: 'prover-b', roles: ['customer'] },
] as const

let invited = 0
/** Of four moves that are tried, the second and the fourth are those of the organisation itself: there and back. */
let moves = 0

const SETTINGS: ProofOptions = {
  principal,
  rows: {
    User: (_tenant, index) => ({ ...ACCOUNTS[index - 1], verifiedAt: 0, disabledAt: null }),
    Ticket: () => ({ state: 'open', priority: 'normal' }),
  },
  bodies: {
    'POST /api/invitations': () => ({ email: `new.${(invited += 1)}@example.com`, name: 'New', role: 'agent' }),
    'PATCH /api/tickets/:id': () => ({ priority: 'high' }),
    'POST /api/tickets/:id/transitions': () => ({ state: (moves += 1) % 4 === 0 ? 'open' : 'pending' }),
  },
}

function principal(tenant: string): Principal {
  const authentication = { scheme: 'bearer', factors: [{ method: 'otp', at: Number.MAX_SAFE_INTEGER }] }
  return { id: `admin of ${tenant}`, tenant, roles: ['admin'], authentication }
}

export function proveKit(options: ProofOptions = {}): Promise<TenancyProof> {
  return proveTenancy([AppModule], { ...SETTINGS, ...options })
}

/**
 * Ways in that the proof cannot try by itself, and why. Each of them is attacked as a stranger in
 * `attacks/every-route.test.ts`, with its control.
 */
export const EXPLAINED: Readonly<Record<string, string>> = {
  'PATCH /api/users/:id': 'accounts are rows of all tenants, whose keys the proof does not put into paths',
  'DELETE /api/users/:id': 'the same',
  'DELETE /api/invitations/:id': 'invitations are found by the tenant that a code names, as accounts are',
  'POST /api/api-keys/:id/rotation': 'API keys belong to their owners, and the proof makes none by the endpoint',
  'DELETE /api/api-keys/:id': 'the same',
  'POST /api/tickets/:id/close': 'the ticket is closed by the first of two controls, and stays closed for the second',
  'POST /api/tickets/:id/comments': 'nothing is said about a ticket that the proof has closed before',
}
