/** Bodies where none is to be expected, and parameters that cannot share one. */
import type { EndpointParameter } from '../../pipeline/endpoint.ts'
import type { CheckRule } from '../check-rule.ts'
import { defineDiagnostic, type Diagnostic } from '../diagnostic.ts'
import { handlersOf, type Handler } from '../handlers.ts'

export const BodyUnexpected = defineDiagnostic({
  code: 'ROUTE_BODY_UNEXPECTED',
  severity: 'warning',
  message: (route: string, handler: string) =>
    `${route} (${handler}) reads a body, which clients and proxies may drop.`,
  // RFC 9110 §9.3.1, §9.3.2, §9.3.5: content has no defined semantics there.
  help: 'Take the values by @Query(), or answer POST.',
})

export const BodyConflict = defineDiagnostic({
  code: 'ROUTE_BODY_CONFLICT',
  message: (handler: string, conflict: string) => `${handler} ${conflict}.`,
  help: (_handler, conflict) =>
    conflict.includes('whole')
      ? 'Declare one DTO with all fields, or take single fields with @Body("name").'
      : conflict.includes('several')
        ? 'Take all files of the form with one @UploadedFiles(), or give each upload a route of its own.'
        : 'Take either the files or the bytes; the other fields of a form come by @Body().',
})

const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE'])

export const requestBodies: CheckRule = ({ graph }) =>
  handlersOf(graph).flatMap((handler) => [...unexpected(handler), ...conflicts(handler)])

function unexpected({ name, endpoint, routes }: Handler): readonly Diagnostic[] {
  const reader = endpoint.parameters.find(readsBody)
  const route = routes.find(({ method }) => WITHOUT_BODY.has(method))
  return reader && route ? [BodyUnexpected({ at: reader.at }, `${route.method} ${route.path}`, name)] : []
}

function conflicts({ name, endpoint: { parameters } }: Handler): readonly Diagnostic[] {
  const [upload, secondUpload] = parameters.filter(isUpload)
  const [, secondWhole] = parameters.filter(({ source }) => source?.kind === 'body' && source.name === undefined)
  const bytes = parameters.find(
    ({ source, type }) =>
      source?.kind === 'rawBody' || (source?.kind === 'body' && source.name === undefined && isBytes(type)),
  )
  return [
    ...(secondWhole ? [BodyConflict({ at: secondWhole.at }, name, 'takes the whole body twice')] : []),
    ...(secondUpload
      ? [BodyConflict({ at: secondUpload.at }, name, 'takes several upload parameters from one form')]
      : []),
    ...(upload && bytes
      ? [BodyConflict({ at: bytes.at }, name, 'takes the bytes of a body that is read as a form with files')]
      : []),
  ]
}

function readsBody({ source }: EndpointParameter): boolean {
  return source?.kind === 'body' || source?.kind === 'rawBody' || source?.kind === 'file' || source?.kind === 'files'
}

function isUpload({ source }: EndpointParameter): boolean {
  return source?.kind === 'file' || source?.kind === 'files'
}

function isBytes(type: unknown): boolean {
  return type === Buffer || type === Uint8Array || type === String
}
