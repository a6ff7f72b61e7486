/**
 * Where in the code a decorator was written.
 * Every decorator is a factory call, so the first stack frame outside this folder is the line a reader wrote.
 * The position is the one of the running JavaScript; diagnostics translate it through source maps, later and only
 * when one is printed.
 */

/** A position in the running JavaScript: `file` is a `file:` URL or a path, `line` and `column` start at 1. */
export interface CallSite {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** The position of code that could not be found on the stack (a REPL, generated code). */
export const UNKNOWN_SITE: CallSite = Object.freeze({ file: '<unknown>', line: 0, column: 0 })

const FLOOR = new URL('.', import.meta.url).href
const DECORATE_HELPERS = new Set(['__decorate', '__decorateClass', '__param', '__metadata', '_ts_decorate'])
const FRAMES = 12

/**
 * The nearest caller outside the decorators floor and outside the compiler's own decorate helpers.
 * @param callers - How many functions between the reader's line and this call are passed over; for functions of the
 *   upper floors that are called where something is written. Default: 0.
 */
export function callSite(callers = 0): CallSite {
  let passed = 0
  for (const frame of captureFrames()) {
    const file = frame.getFileName()
    if (!file || file.startsWith(FLOOR) || file.startsWith('node:')) continue
    if (DECORATE_HELPERS.has(frame.getFunctionName() ?? '')) continue
    if (passed++ < callers) continue
    return { file, line: frame.getLineNumber() ?? 0, column: frame.getColumnNumber() ?? 0 }
  }
  return UNKNOWN_SITE
}

function captureFrames(): readonly NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error
  try {
    Error.stackTraceLimit = FRAMES
    Error.prepareStackTrace = (_error, frames) => frames
    const holder: { stack?: unknown } = {}
    Error.captureStackTrace(holder, captureFrames)
    return (holder.stack as readonly NodeJS.CallSite[] | undefined) ?? []
  } finally {
    Error.prepareStackTrace = prepareStackTrace
    Error.stackTraceLimit = stackTraceLimit
  }
}
