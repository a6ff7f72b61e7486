/**
 * The language of paths: fixed text, `:name` for a parameter, and `*` as the very last character. A parameter ends at
 * `/`, `-` or `.`; `::` is a colon. It is what the router understands, minus what reads as something else elsewhere.
 */

/** Why a path cannot be one; `undefined` when it can. */
export function pathProblem(path: string): string | undefined {
  const checks: readonly (readonly [RegExp, string])[] = [
    [/[?#]/, 'has a `?` or `#`, which no path contains'],
    [/[\s\p{Cc}]/u, 'contains white space'],
    [/%/, 'is percent-encoded, and is compared with decoded paths'],
    [/[()[\]{}+^$|\\]/, 'contains a pattern other than :name and *'],
    [/\*(?=.)/, 'has a `*` that is not its last character'],
    [/\/\//, 'has an empty segment'],
    [/^\.{1,2}$|(?:^|\/)\.{1,2}(?:\/|$)/, 'contains a `.` or `..` segment'],
  ]
  const broken = checks.find(([pattern]) => pattern.test(path))
  if (broken) return broken[1]
  const unnamed = rawParameters(path).find((name) => !/^[A-Za-z_]\w*$/.test(name))
  if (unnamed !== undefined) return `has a parameter that is no name: \`:${unnamed}\``
  const repeated = parametersOf(path).find((name, index, all) => all.indexOf(name) !== index)
  return repeated === undefined ? undefined : `names the parameter :${repeated} twice`
}

/** Names of the parameters, in order; `*` for the rest of the path. */
export function parametersOf(path: string): readonly string[] {
  return [...rawParameters(path), ...(path.endsWith('*') ? ['*'] : [])]
}

/** What the router tells paths apart by: parameters without their names. */
export function shapeOf(path: string): string {
  return path.replaceAll(/(?<!:):(?!:)[^/.-]+/g, ':').replace(/(.)\/$/, '$1')
}

function rawParameters(path: string): readonly string[] {
  return [...path.replaceAll('::', '').matchAll(/:([^/.:-]*)/g)].map(([, name = '']) => name)
}
