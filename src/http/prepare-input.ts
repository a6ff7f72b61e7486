/** What must be read before any argument can be made: the body, or the form with its files. */
import { describeEndpoint, type Endpoint, type EndpointParameter } from '../pipeline/endpoint.ts'
import { closeAfterAnswer } from './close-after-answer.ts'
import { hasBody } from './collect-body.ts'
import type { HttpConfig } from './http-config.ts'
import { parseMediaType } from './media-type.ts'
import { compileBodyReader, type BodyForm, type BodyReader } from './read-body.ts'
import type { UploadRules } from './read-uploads.ts'
import { BodyConsumed, MediaTypeUnsupported, UploadMissing, UploadsSeveral } from './request-errors.ts'

/** Fills the input's body and uploads, then goes on. */
export type Preparation = BodyReader

/**
 * Chooses at boot what is read; `undefined` when no parameter needs the body.
 * @throws `REQUEST_UPLOADS_SEVERAL`
 */
export function compilePreparation(endpoint: Endpoint, config: HttpConfig): Preparation | undefined {
  const rules = uploadRules(endpoint)
  if (rules) return prepareUploads(endpoint, rules, config)
  const forms = bodyForms(endpoint.parameters)
  if (forms.size === 0) return undefined
  return compileBodyReader(endpoint, config, forms)
}

/** Which bodies the parameters can be made from. */
export function bodyForms(parameters: readonly EndpointParameter[]): ReadonlySet<BodyForm> {
  const forms = new Set(parameters.flatMap(formsOf))
  if (forms.size === 0 && parameters.some(({ source }) => source?.kind === 'rawBody')) forms.add('bytes')
  return forms
}

function formsOf({ source, type }: EndpointParameter): readonly BodyForm[] {
  if (source?.kind !== 'body') return []
  if (source.options.schema !== undefined || source.name !== undefined) return ['json', 'form']
  if (type === Buffer || type === Uint8Array) return ['bytes']
  if (type === String) return ['json', 'text']
  return type === Number || type === Boolean || type === Date || type === Array ? ['json'] : ['json', 'form']
}

export function uploadRules(endpoint: Endpoint): UploadRules | undefined {
  const found = endpoint.parameters.flatMap(({ source }): UploadRules[] => {
    if (source?.kind === 'file') return [{ field: source.name, maxCount: 1, ...source.limits }]
    return source?.kind === 'files' ? [{ field: source.name, ...source.limits }] : []
  })
  if (found.length > 1) throw new UploadsSeveral(describeEndpoint(endpoint))
  return found[0]
}

function prepareUploads(endpoint: Endpoint, rules: UploadRules, config: HttpConfig): Preparation {
  const route = describeEndpoint(endpoint)
  const needsFile = endpoint.parameters.some(({ source }) => source?.kind === 'file')
  const read: BodyReader['read'] = async (input, go) => {
    const { request, response } = input.context
    const contentType = request.headers['content-type']
    if (parseMediaType(contentType)?.type !== 'multipart/form-data') {
      if (hasBody(request)) closeAfterAnswer(request, response)
      throw new MediaTypeUnsupported(route, nameGiven(contentType), ['multipart/form-data'])
    }
    if (request.readableEnded) throw new BodyConsumed(route)

    // Loaded with the first form: most applications never see one.
    const { UploadForm } = await import('./read-uploads.ts')
    const form = new UploadForm(input.context, rules, config)
    const first = await form.next()
    if (needsFile && !first) throw new UploadMissing(rules.field)
    input.body = { value: form.fields, bytes: undefined, fromText: true }
    input.uploads = { first, all: form.files(first) }
    return go()
  }
  return { read }
}

function nameGiven(contentType: string | undefined): string {
  return contentType === undefined ? 'no Content-Type' : `the Content-Type "${contentType.slice(0, 100)}"`
}
