/** Who may call: the ways to be known, and what is demanded of whoever is. */
import type { OpenApiDocument, Operation } from 'tenon/openapi'

import type { OperationPair } from './compare-contracts.ts'

export function compareAccess(pair: OperationPair, before: readonly string[], after: readonly string[]): void {
  const isIntroduced = compareSecurity(pair)
  // Where nobody had to be known, that somebody must be is told once.
  if (isIntroduced) return
  const { report } = pair
  for (const demand of after)
    if (!before.includes(demand)) report.other('access-demand-added', 'access', `now it ${demand}`)
  for (const demand of before) {
    if (!after.includes(demand)) report.other('access-demand-removed', 'access', `not any more: it ${demand}`)
  }
}

type Alternatives = ReadonlyMap<string, Readonly<Record<string, readonly string[]>>>

function compareSecurity({ documents, before, after, report }: OperationPair): boolean {
  const [old, now] = [alternativesOf(before), alternativesOf(after)]
  if (old.size === 0 && now.size === 0) return false
  const names = (of: Alternatives): string => [...of.keys()].join(' or ')
  if (old.size === 0) {
    report.other('security-introduced', 'security', `callers must be known now, by ${names(now)}`)
    return true
  }
  if (now.size === 0) {
    report.other('security-dropped', 'security', `callers need not be known any more, by ${names(old)}`)
    return false
  }
  for (const [name, schemes] of now) {
    const known = old.get(name)
    if (!known) {
      report.other('security-alternative-added', 'security', `callers may be known by ${name} now`)
      continue
    }
    for (const [scheme, scopes] of Object.entries(schemes)) {
      const had = known[scheme] ?? []
      for (const scope of scopes) {
        if (!had.includes(scope)) report.other('security-scope-added', 'security', `the scope ${scope} is demanded now`)
      }
      for (const scope of had) {
        if (!scopes.includes(scope))
          report.other('security-scope-removed', 'security', `the scope ${scope} is not demanded any more`)
      }
      if (printScheme(documents[0], scheme) !== printScheme(documents[1], scheme)) {
        report.other('security-scheme-changed', 'security', `${scheme} is sent in another way`)
      }
    }
  }
  for (const name of old.keys()) {
    if (!now.has(name))
      report.other('security-alternative-removed', 'security', `callers may not be known by ${name} any more`)
  }
  return false
}

function alternativesOf({ security = [] }: Operation): Alternatives {
  return new Map(security.map((each) => [Object.keys(each).toSorted().join(' and '), each]))
}

/** Without what is only said to readers. */
function printScheme(document: OpenApiDocument, name: string): string {
  const { description: _words, bearerFormat: _hint, ...scheme } = document.components?.securitySchemes?.[name] ?? {}
  return JSON.stringify(Object.entries(scheme).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
