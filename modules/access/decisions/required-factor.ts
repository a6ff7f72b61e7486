/**
 * `@RequireMfa` stands beside the decision: it asks whoever may call for a proof, at the call. What is proved then nobody
 * knows before, so matrices and explanations name it as what is wanted besides.
 */
import type { Endpoint } from 'tenon'
import { REQUIRE_MFA, type CallSite } from 'tenon/decorators'

export interface RequiredFactor {
  /** In words, as conditions are printed: `has proved a second factor in the last 5m`. */
  readonly says: string
  readonly at: CallSite
}

export function requiredFactorOf(endpoint: Endpoint): RequiredFactor | undefined {
  const written = endpoint.written(REQUIRE_MFA)
  if (!written) return undefined
  const { maxAge, methods = [] } = written.value
  const says = [
    'has proved a second factor',
    ...(methods.length === 0 ? [] : [`(${methods.join(' or ')})`]),
    ...(maxAge === undefined ? [] : [`in the last ${typeof maxAge === 'number' ? `${maxAge}ms` : maxAge}`]),
  ]
  return { says: says.join(' '), at: written.at }
}
