/** Origins that look right and let in more than was meant: the mistakes behind most CORS holes. */

/** Why the origin must not be used; `undefined` when it may. */
export function originFault(origin: string | RegExp): string | undefined {
  const reason = origin instanceof RegExp ? patternFault(origin) : textFault(origin)
  return reason && `the origin ${String(origin)}, ${reason}`
}

function textFault(origin: string): string | undefined {
  if (origin === 'null') return 'which every sandboxed frame and every local file has'
  if (origin === '*') return "which means everybody and stands alone: origins: '*'"
  if (!/^https?:\/\//.test(origin) || !URL.canParse(origin)) return 'which is none: https://app.example.com'
  if (origin.includes('*')) return 'whose * stands for nothing: write an expression'
  const { origin: sent } = new URL(origin)
  return sent === origin ? undefined : `which browsers send as ${sent}`
}

function patternFault({ source, flags }: RegExp): string | undefined {
  if (flags.includes('m')) return 'whose flag m lets ^ and $ match inside of a text'
  if (hasTopLevelChoice(source)) return 'whose alternatives escape its anchors: put them in (?:…)'
  if (!source.startsWith('^')) return 'which has no ^ at its beginning'
  if (!source.endsWith('$') || isEscaped(source, source.length - 1)) return 'which has no $ at its end'
  if (/^null$/.test(source.slice(1, -1))) return 'which every sandboxed frame and every local file has'
  if (hasLooseDot(source)) return 'with a dot that stands for any character: write \\.'
  return undefined
}

/** A `|` outside of every group and class. */
function hasTopLevelChoice(source: string): boolean {
  let depth = 0
  let inClass = false
  for (let index = 0; index < source.length; index += 1) {
    const sign = source[index]
    if (sign === '\\') index += 1
    else if (inClass) inClass = sign !== ']'
    else if (sign === '[') inClass = true
    else if (sign === '(') depth += 1
    else if (sign === ')') depth -= 1
    else if (sign === '|' && depth === 0) return true
  }
  return false
}

/** A dot outside of a class that nothing repeats: `.` in `example.com`, not in `.*`, which is written on purpose. */
function hasLooseDot(source: string): boolean {
  return /(?<!\\)(?:\\\\)*\.(?![*+?{])/.test(source.replaceAll(/\[(?:\\.|[^\]\\])*\]/g, ''))
}

function isEscaped(source: string, index: number): boolean {
  let slashes = 0
  while (source[index - 1 - slashes] === '\\') slashes += 1
  return slashes % 2 === 1
}
