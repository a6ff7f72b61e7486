/** Who may call: any one of the requirements is enough, and each interceptor's must be met. */
import type { ChainLink, SecurityRequirement } from 'tenon'

import type { SecurityRequirementObject } from './openapi-document.ts'

export type SecuritySchemes = Map<string, Readonly<Record<string, unknown>>>

/** @param schemes - Takes up the schemes that are met. */
export function securityOf(
  chain: readonly ChainLink[],
  schemes: SecuritySchemes,
): readonly SecurityRequirementObject[] | undefined {
  const demands = chain.flatMap(({ description }) => (description.security?.length ? [description.security] : []))
  if (demands.length === 0) return undefined
  // What any credential must have is asked of each scheme.
  const always = chain.flatMap(({ description }) => description.scopes ?? [])
  const combined = demands.reduce<readonly SecurityRequirement[]>(
    (all, demand) => all.flatMap((one) => demand.map((other) => [...one, ...other])),
    [[]],
  )
  const requirements = combined.map((requirement) => {
    for (const { name, scheme } of requirement) schemes.set(name, scheme)
    const scopes = Map.groupBy(requirement, ({ name }) => name)
    return Object.fromEntries(
      [...scopes].map(([name, some]) => [
        name,
        [...new Set([...always, ...some.flatMap((each) => each.scopes ?? [])])].toSorted(),
      ]),
    )
  })
  const distinct = new Map(requirements.map((requirement) => [JSON.stringify(requirement), requirement]))
  return [...distinct.values()]
}
