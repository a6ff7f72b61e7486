import type { Principal } from 'tenon'
import { AccessTokens } from 'tenon/auth'
import { fuzz, type FuzzReport } from 'tenon/contract'
import { OpenApi, operationsOf } from 'tenon/openapi'

import { Desk, type Member } from '../../samples/starter-kit/desk.ts'

const SEED = 4711
/** Requests for each operation; whoever may do everything has more to try. */
const RUNS = process.env['FULL'] ? { others: 300, admin: 300 } : { others: 4, admin: 8 }

/** By a login with a second factor of just now: without one admins reach nothing, and nobody makes API keys. */
function proven(member: Member): Principal {
  const at = Date.now()
  const factors = ['pwd', 'otp'].map((method) => ({ method, at }))
  return { ...member, authentication: { scheme: 'bearer', factors } }
}

/** Calls everything the desk has; each time with a new token, for some calls end the logins of whoever makes them. */
async function fuzzedBy(
  desk: Desk,
  member?: Member,
  { version }: { readonly version?: string } = {},
): Promise<FuzzReport> {
  let count = 0
  const tokens = desk.app.get(AccessTokens)
  const document = await desk.app.get(OpenApi).document(version)
  const unversioned = operationsOf(document).filter(
    ({ operation }) => !operation.parameters?.some(({ name }) => name === 'x-api-version'),
  )
  return fuzz({
    document,
    baseUrl: await desk.app.url(),
    headers: async () => {
      count += 1
      return {
        // Limits by address would soon answer for the application.
        'x-forwarded-for': `10.${(count >> 16) & 255}.${(count >> 8) & 255}.${count & 255}`,
        ...(member ? { authorization: `Bearer ${(await tokens.issue(proven(member))).accessToken}` } : {}),
      }
    },
    seed: SEED,
    // What every version has is called once.
    skip: version === undefined ? [] : unversioned.map(({ key }) => key),
    runs: member?.roles?.includes('admin') ? RUNS.admin : RUNS.others,
  })
}

/** Where admins must get through, or nothing much was tried out. */
const REACHED = new Set([
  'GET /api/tickets/{id}',
  'PATCH /api/tickets/{id}',
  'POST /api/tickets/{id}/comments',
  'PATCH /api/users/{id}',
  'POST /api/api-keys',
])

describe('Trying out the contract of the starter kit', () => {
  it.each(['stranger', 'customer', 'agent', 'admin'] as const)(
    'finds nothing as %s',
    async (role) => {
      await using desk = await Desk.open((builder) => builder.env({ HTTP_TRUST_PROXY: 'loopback' }))
      const team = await desk.team('acme')
      for (const subject of ['Printer', 'Coffee']) await desk.ticket(team.customer, { subject })

      const report = await fuzzedBy(desk, role === 'stranger' ? undefined : team[role])

      expect(report.findings).toEqual([])
      expect(report.uncalled).toEqual([])
      // Otherwise the refusal of a login that does not hold is all that was tried out.
      expect(report.unauthorized > report.requests / 3).toBe(role === 'stranger')
      if (role === 'admin') expect(report.unsuccessful.filter((key) => REACHED.has(key))).toEqual([])
    },
    600_000,
  )

  it('finds nothing in an older version, which has documents of its own', async () => {
    await using desk = await Desk.open((builder) => builder.env({ HTTP_TRUST_PROXY: 'loopback' }))
    const team = await desk.team('acme')
    await desk.ticket(team.customer)

    const report = await fuzzedBy(desk, team.admin, { version: '1' })

    expect(report.findings).toEqual([])
    expect(report.unsuccessful).toEqual([])
  }, 600_000)
})
