/** The place in the application that asked for something: taken on every call that is watched, printed for a few. */
import { sourceReader, printLocation } from './source-location.ts'
import { isApplicationFile, parseFrame } from './stack-frames.ts'

/** Deep enough to come out of an ORM. */
const FRAMES = 50

const toSource = sourceReader()
const printed = new Map<string, string>()
const MAX_PRINTED = 5000

/** Cheap to make: the stack becomes text, and the text a line of the source, only when somebody asks. */
export class ApplicationSite {
  readonly #trace: { readonly stack?: string } = {}

  /** @param below - This function and those it called are left out. */
  constructor(below: Function = ApplicationSite) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = FRAMES
    Error.captureStackTrace(this.#trace, below)
    Error.stackTraceLimit = stackTraceLimit
  }

  /** `src/tickets/tickets-service.ts:12:5` of the nearest caller outside of framework and packages, if there is one. */
  get place(): string | undefined {
    for (const line of this.#trace.stack?.split('\n') ?? []) {
      const frame = parseFrame(line)
      if (frame && isApplicationFile(frame.file)) return print(frame)
    }
    return undefined
  }
}

function print(site: { readonly file: string; readonly line: number; readonly column: number }): string {
  const key = `${site.file}:${site.line}:${site.column}`
  let place = printed.get(key)
  if (place === undefined) {
    if (printed.size >= MAX_PRINTED) printed.clear()
    printed.set(key, (place = printLocation(toSource(site))))
  }
  return place
}
