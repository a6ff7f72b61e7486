/** The parts of a `Content-Type` that decide how a body is read. */

export interface MediaType {
  /** Lower case, without parameters: `application/json`. */
  readonly type: string
  /** Lower case; `undefined` where the header names none. */
  readonly charset: string | undefined
}

const JSON_TYPE: MediaType = { type: 'application/json', charset: undefined }
// RFC 9110 §5.6.2: a token; type and subtype are one each.
const TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+$/
const CHARSET = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i

/** `undefined` where the header is missing or no media type. */
export function parseMediaType(header: string | undefined): MediaType | undefined {
  if (header === undefined) return undefined
  if (header === 'application/json') return JSON_TYPE
  const semicolon = header.indexOf(';')
  const type = (semicolon === -1 ? header : header.slice(0, semicolon)).trim().toLowerCase()
  if (!TYPE.test(type)) return undefined
  const charset = semicolon === -1 ? undefined : CHARSET.exec(header.slice(semicolon))
  return { type, charset: (charset?.[1] ?? charset?.[2])?.toLowerCase() }
}

/** Whether `type` is what `pattern` names; `image/*` names all images. */
export function matchesMediaType(type: string, pattern: string): boolean {
  return pattern === '*/*' || pattern === type || (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1)))
}
