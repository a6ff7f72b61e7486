/** One attack from beginning to end: what is staged, what is tried, and what its owner does afterwards. */
import { ROUTES, type Guarded } from './routes.ts'
import type { Siege, Team } from './siege.ts'
import { STRIKES, type Strike } from './strikes.ts'

export interface Assault {
  readonly route: string
  readonly entry: Guarded
  readonly strike: Strike
}

export interface Parties {
  readonly siege: Siege
  readonly victims: Team
  readonly attackers: Team
}

/** Every guarded route in every way that suits it. */
export const ASSAULTS: readonly Assault[] = Object.entries(ROUTES).flatMap(([route, entry]) => {
  if ('open' in entry) return []
  return STRIKES.filter(({ suits }) => suits?.(route, entry) ?? true).map((strike) => ({ route, entry, strike }))
})

/** @returns What went wrong, in words; nothing where the route holds. */
export async function assault({ entry, strike }: Assault, parties: Parties): Promise<readonly string[]> {
  const { siege, victims } = parties
  const scene = await entry.stage(siege, victims)
  const faults: string[] = []

  for (const { status, text } of [await strike.strike({ ...parties, scene, entry })].flat()) {
    const isExpected = strike.expected === 'unseeing' ? status < 500 : strike.expected.includes(status)
    if (!isExpected) faults.push(`The attacker is answered ${status} ${text.slice(0, 300)}`)
    const told = [...(scene.secrets ?? []), ...(strike.unread ?? [])].filter((secret) => text.includes(secret))
    if (told.length > 0) faults.push(`The attacker reads ${told.join(', ')}`)
  }

  const { owner, call } = entry.isUsedUp ? await entry.stage(siege, victims) : scene
  const control = entry.isOfBrowsers
    ? await siege.send({ ...call, headers: { ...call.headers, ...siege.browser(await siege.session(owner)) } })
    : await siege.as(owner, call)
  if (control.status !== entry.status)
    faults.push(`The owner is answered ${control.status} ${control.text.slice(0, 300)}`)
  return faults
}
