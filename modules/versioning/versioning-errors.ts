/** What callers get wrong about versions, and what programs do. */
import { defineDiagnostic, defineError } from 'tenon'

export const VersionMissing = defineError({
  code: 'VERSIONING_VERSION_MISSING',
  status: 400,
  message: (how: string, supported: readonly string[]) =>
    `The request names no API version. There are: ${supported.join(', ')}. Name one ${how}.`,
  help: 'Name a version, or set VERSIONING_DEFAULT for callers that name none.',
})

export const VersionUnsupported = defineError({
  code: 'VERSIONING_VERSION_UNSUPPORTED',
  status: 400,
  message: (asked: string, supported: readonly string[]) =>
    `There is no API version ${JSON.stringify(asked)} here. There are: ${supported.join(', ')}.`,
  help: 'Ask for one of the versions that the message names.',
})

export const VersionDefaultUnknown = defineError({
  code: 'VERSIONING_DEFAULT_UNKNOWN',
  status: 500,
  message: (version: string, supported: readonly string[]) =>
    `VERSIONING_DEFAULT is ${JSON.stringify(version)}, which no endpoint answers. There are: ${supported.join(', ')}.`,
  help: 'Set it to a version that some @Version names.',
})

export const VersionInvalid = defineDiagnostic({
  code: 'VERSIONING_VERSION_INVALID',
  message: (endpoint: string, version: string) =>
    `${endpoint} names the version ${JSON.stringify(version)}, which is neither a number with dots nor a day.`,
  help: "Write '2', '1.2', '1.2+', '2026-06-01' or VERSION_NEUTRAL.",
})

export const VersionKindsMixed = defineDiagnostic({
  code: 'VERSIONING_KINDS_MIXED',
  message: (endpoint: string, version: string, other: string) =>
    `${endpoint} has the version ${version}, and other endpoints have ${other}: numbers and days have no order.`,
  help: 'Use numbers everywhere, or days everywhere.',
})

export const VersionTaken = defineDiagnostic({
  code: 'VERSIONING_VERSION_TAKEN',
  message: (route: string, version: string, first: string, second: string) =>
    `Version ${version} of ${route} is answered by ${first} and by ${second}.`,
  help: (_route, version) => `Take ${version} out of the @Version of one of them.`,
})

export const SunsetPassed = defineDiagnostic({
  code: 'VERSIONING_SUNSET_PASSED',
  message: (endpoint: string, sunset: string) => `${endpoint} was to stop answering on ${sunset}, and still does.`,
  help: 'Remove the endpoint, or agree on a later sunset with those who still call it.',
})

export const DeprecationInvalid = defineDiagnostic({
  code: 'VERSIONING_DEPRECATION_INVALID',
  message: (endpoint: string, field: string, value: string) =>
    `${endpoint} is deprecated with ${field} ${JSON.stringify(value)}, which is no day.`,
  help: "Write days as '2026-03-01'.",
})

export const UpgradeUnusable = defineDiagnostic({
  code: 'VERSIONING_UPGRADE_UNUSABLE',
  message: (upgrade: string, reason: string) => `${upgrade} upgrades nothing: ${reason}.`,
  help: 'An upgrade leads from one version to a later one of a controller, and needs nothing injected: it is a pure function.',
})
