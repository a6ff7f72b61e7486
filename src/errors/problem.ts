/** Problem details (RFC 9457): the one shape of every failure, on every transport. */
import { TenonError } from './define-error.ts'
import { HttpException, STATUS_TITLES, statusCode } from './http-exceptions.ts'

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

/** One thing wrong with the input. */
export interface ProblemError {
  /** Where, as a JSON pointer (RFC 6901) into the body, or `#/query/<name>` and the like outside of it. */
  readonly pointer: string
  /** Which rule, such as `isEmail`. */
  readonly code: string
  /** In words. */
  readonly detail: string
}

export interface ProblemFields {
  readonly status: number
  readonly code?: string
  readonly title?: string
  readonly detail?: string
  readonly errors?: readonly ProblemError[]
  readonly headers?: Readonly<Record<string, string>>
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** A failure as the caller will read it. */
export class Problem {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string | undefined
  readonly errors: readonly ProblemError[] | undefined
  readonly headers: Readonly<Record<string, string>> | undefined
  readonly extensions: Readonly<Record<string, unknown>> | undefined

  constructor(fields: ProblemFields) {
    this.status = fields.status
    this.code = fields.code ?? statusCode(fields.status)
    this.title = fields.title ?? STATUS_TITLES[fields.status] ?? 'Error'
    this.detail = fields.detail
    this.errors = fields.errors
    this.headers = fields.headers
    this.extensions = fields.extensions
  }

  /** The members of the body, in the order of RFC 9457 §3.1; extensions cannot replace them. */
  toBody(traceId?: string): Record<string, unknown> {
    return {
      ...this.extensions,
      type: `urn:tenon:problem:${this.code}`,
      title: this.title,
      status: this.status,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      code: this.code,
      ...(traceId === undefined ? {} : { traceId }),
      ...(this.errors === undefined ? {} : { errors: this.errors }),
    }
  }
}

/**
 * What a caller may know of an error. Below 500 the message is for the caller; from 500 on it is internal and only
 * the code leaves, unless `exposeInternals` (development).
 */
export function problemOf(error: unknown, { exposeInternals = false }: { exposeInternals?: boolean } = {}): Problem {
  if (error instanceof Problem) return error
  if (error instanceof HttpException) {
    const { status, code, errors, headers, extensions } = error
    return new Problem({ status, code, errors, headers, extensions, ...detailOf(error, status, exposeInternals) })
  }
  if (error instanceof TenonError) {
    const { status, code, errors, headers } = error
    const extensions = status < 500 || exposeInternals ? error.extensions : undefined
    return new Problem({ status, code, errors, headers, extensions, ...detailOf(error, status, exposeInternals) })
  }
  return foreignProblem(error, exposeInternals)
}

/**
 * Errors of Express middleware carry `status`, and `expose` says whether their message may leave (http-errors). Without
 * `expose` a status is somebody else's, such as that of a failed call to another service, and means nothing to callers.
 */
function foreignProblem(error: unknown, exposeInternals: boolean): Problem {
  const { status, expose, headers } = (error ?? {}) as { status?: unknown; expose?: unknown; headers?: unknown }
  const isOurs = typeof expose === 'boolean' && typeof status === 'number' && status >= 400 && status < 600
  if (!isOurs) return new Problem({ status: 500, ...detailOf(error, 500, exposeInternals) })
  const detail = expose && status < 500 ? { detail: messageOf(error) } : detailOf(error, 500, exposeInternals)
  return new Problem({
    status,
    ...detail,
    ...(typeof headers === 'object' && headers !== null ? { headers: headers as Record<string, string> } : {}),
  })
}

function detailOf(error: unknown, status: number, exposeInternals: boolean): { detail?: string } {
  return status < 500 || exposeInternals ? { detail: messageOf(error) } : {}
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : `A value that is no Error was thrown: ${String(error)}`
}
