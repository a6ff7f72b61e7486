/** What `@RequireMfa` says can be kept. */
import { readDuration, type CheckRule, type Diagnostic } from 'tenon'
import { PUBLIC, REQUIRE_MFA } from 'tenon/decorators'

import { MfaAgeUnreadable, MfaOfNobody } from './mfa-diagnostics.ts'

export const requiredFactors: CheckRule = ({ graph }) =>
  graph.endpoints.flatMap((endpoint): readonly Diagnostic[] => {
    const written = endpoint.written(REQUIRE_MFA)
    if (!written) return []
    const { at, value } = written
    const { maxAge } = value
    const isUnreadable = maxAge !== undefined && readDuration(maxAge) === undefined
    return [
      ...(isUnreadable ? [MfaAgeUnreadable({ at }, endpoint.name, String(maxAge))] : []),
      ...(endpoint.read(PUBLIC) ? [MfaOfNobody({ at }, endpoint.name)] : []),
    ]
  })
