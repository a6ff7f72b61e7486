/** Where in the application a connection was taken: told when it is kept too long, or when none is left. */

/** This package's own code: `dist/`, which holds decorators, src and modules. */
const OWN = new URL('../../../', import.meta.url).href
const OWN_FLOORS = ['decorators/', 'src/', 'modules/', 'vendor/'].map((floor) => OWN + floor)
const FRAMES = 40

/** Cheap to make for every transaction: the stack becomes text only when somebody asks. */
export class TakenAt {
  readonly #trace: { readonly stack?: string } = {}

  constructor() {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = FRAMES
    Error.captureStackTrace(this.#trace, TakenAt)
    Error.stackTraceLimit = stackTraceLimit
  }

  /** `file:line` of the nearest caller outside of the framework. */
  toString(): string {
    const lines = this.#trace.stack?.split('\n').slice(1) ?? []
    const place = lines
      .map((line) => /(?:file:\/\/)?\/[^()]+:\d+(?=:\d+\)?$)/.exec(line)?.[0])
      .find((each) => each !== undefined && !isOurs(each))
    return place ?? 'an unknown place'
  }
}

function isOurs(place: string): boolean {
  const url = place.startsWith('file:') ? place : `file://${place}`
  return OWN_FLOORS.some((floor) => url.startsWith(floor)) || url.includes('/node_modules/')
}
