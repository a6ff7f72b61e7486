/** The line of the access log as JSON, put together from what is known at boot and the few things that are not. */
import type { LogFields } from '../logging/logger.ts'
import type { Redactor } from '../logging/redact.ts'
import type { Outcome } from '../pipeline/context.ts'
import type { HttpContext } from './http-context.ts'

/** A line as `renderJson` would write it, without its generic steps. */
export class AccessLine {
  readonly #redactor: Redactor
  readonly #route: string
  readonly #end: string
  readonly #clock = new LineClock()
  #path = ''
  #pathText = ''

  constructor(redactor: Redactor, route: string | undefined, endpoint: string) {
    this.#redactor = redactor
    this.#route = route === undefined ? '' : `,"route":${JSON.stringify(redactor.text(route))}`
    this.#end = `,"endpoint":${JSON.stringify(redactor.text(endpoint))}`
  }

  /** @param fields - Further ones of the call. */
  render(
    { status, durationMs, error }: Outcome,
    { request, id }: HttpContext,
    path: string,
    fields?: LogFields,
  ): string {
    if (path !== this.#path) {
      // Many routes have one path.
      this.#path = path
      this.#pathText = JSON.stringify(this.#redactor.text(path)).slice(1, -1)
    }
    const shown = this.#pathText
    const { method } = request
    // Our own ids hold nothing of the caller's; those that are sent are free of quotes.
    const requestId = request.headers['x-request-id'] === undefined ? id : this.#redactor.text(id)
    const reason = error instanceof Error && status < 500 ? this.#reason(error) : ''
    return (
      `{"time":"${this.#clock.now()}","level":"info","message":"${method} ${shown} ${status}","logger":"http",` +
      `"requestId":"${requestId}","method":"${method}","path":"${shown}"${this.#route},"status":${status},` +
      `"durationMs":${Math.round(durationMs * 100) / 100}${this.#end}${reason}${fields === undefined ? '' : this.#further(fields)}}`
    )
  }

  #further(fields: LogFields): string {
    const text = JSON.stringify(this.#redactor.fields(furtherFields(fields)))
    return text === '{}' ? '' : `,${text.slice(1, -1)}`
  }

  #reason({ message }: Error): string {
    return `,"reason":${JSON.stringify(this.#redactor.text(message))}`
  }
}

const OF_THE_LINE: ReadonlySet<string> = new Set([
  'time',
  'level',
  'message',
  'logger',
  'requestId',
  'method',
  'path',
  'route',
  'status',
  'durationMs',
  'endpoint',
  'reason',
])

/** What others say of a call, without the names that the line has itself. */
export function furtherFields(fields: LogFields | undefined): LogFields {
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([name]) => !OF_THE_LINE.has(name)))
}

/** `toISOString` of now; the date is made once per second. */
class LineClock {
  #second = -1
  #text = ''

  now(): string {
    const now = Date.now()
    const second = Math.floor(now / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#text = new Date(now).toISOString().slice(0, -4)
    }
    const milliseconds = now - second * 1000
    return `${this.#text}${milliseconds < 10 ? '00' : milliseconds < 100 ? '0' : ''}${milliseconds}Z`
  }
}
