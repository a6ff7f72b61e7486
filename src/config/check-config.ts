/** Problems of the configuration as diagnostics: what is missing or wrong, where it came from, and the fix. */
import { defineDiagnostic, type Diagnostic } from '../check/diagnostic.ts'
import { nearestName } from './nearest-name.ts'
import type { ConfigOrigin, ConfigProblem, ConfigReading } from './read-config.ts'
import type { Environment } from './read-environment.ts'

const ConfigValueMissing = defineDiagnostic({
  code: 'CONFIG_VALUE_MISSING',
  message: (problem: ConfigProblem, _similar: string | undefined) =>
    `${problem.field} needs ${nameOf(problem)}, which ${problem.reason}${originPhrase(problem.origin)}.`,
  help: (problem: ConfigProblem, similar: string | undefined) =>
    similar === undefined
      ? `Set ${nameOf(problem)} in the process environment or in .env.local.`
      : `${similar} is set: did you mean ${nameOf(problem)}?`,
})

const ConfigValueInvalid = defineDiagnostic({
  code: 'CONFIG_VALUE_INVALID',
  message: invalidMessage,
  help: (problem: ConfigProblem) =>
    problem.origin === 'code'
      ? `Change what the code sets for ${problem.field}.`
      : problem.origin === 'default'
        ? `Change the default of ${problem.field}, or set ${nameOf(problem)}.`
        : `Correct ${nameOf(problem)}${originPhrase(problem.origin, 'in')}.`,
})

const ConfigFieldUnreadable = defineDiagnostic({
  code: 'CONFIG_FIELD_UNREADABLE',
  message: invalidMessage,
  help: 'Declare it as string, number, boolean, Date, URL or an array, or give @Env a schema.',
})

const ConfigSecretDefault = defineDiagnostic({
  code: 'CONFIG_SECRET_DEFAULT',
  message: (problem: ConfigProblem) =>
    `${problem.field} is secret, and in production it would be the default that everybody can read in the source.`,
  help: (problem: ConfigProblem) => `Set ${nameOf(problem)} in the process environment.`,
})

/** Every problem of every configuration class, in the order they were read. */
export function checkConfig(readings: readonly ConfigReading[], environment: Environment): readonly Diagnostic[] {
  const read = new Set(readings.flatMap(({ values }) => values.map(({ variable }) => variable)))
  const unread = Object.keys(environment.variables).filter((variable) => !read.has(variable))
  return readings.flatMap(({ problems }) => problems.map((problem) => diagnosticOf(problem, unread)))
}

function diagnosticOf(problem: ConfigProblem, unread: readonly string[]): Diagnostic {
  const place = { at: problem.at, path: [problem.field] }
  switch (problem.kind) {
    case 'missing':
      return ConfigValueMissing(place, problem, nearestName(nameOf(problem), unread))
    case 'invalid':
      return ConfigValueInvalid(place, problem)
    case 'unreadable':
      return ConfigFieldUnreadable(place, problem)
    case 'secret-default':
      return ConfigSecretDefault(place, problem)
  }
}

function invalidMessage(problem: ConfigProblem): string {
  const { field, variable, origin, reason } = problem
  return origin === 'code' || origin === 'default' || variable === undefined
    ? `${field} ${reason}${originPhrase(origin)}.`
    : `${variable}, read by ${field}, ${reason}${originPhrase(origin)}.`
}

function nameOf({ variable, field }: ConfigProblem): string {
  return variable ?? field
}

function originPhrase(origin: ConfigOrigin, preposition: 'from' | 'in' = 'from'): string {
  if (origin === 'unset') return ''
  if (preposition === 'in') return ` in ${origin === 'process' ? 'the process environment' : origin}`
  if (origin === 'code') return ' (set in code)'
  if (origin === 'default') return ' (its default)'
  return ` (from ${origin === 'process' ? 'the process environment' : origin})`
}
