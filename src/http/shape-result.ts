/** `@Returns`: what a handler returned, reduced to the declared model. */
import { HTTP_CODE, RETURNS, type ReturnsFact } from '../../decorators/index.ts'
import type { Endpoint } from '../pipeline/endpoint.ts'
import { compileSerializer, type Serializer } from '../validation/compile-serializer.ts'
import { FileResponse } from './file-response.ts'
import { RedirectResponse } from './redirect-response.ts'

/** A result in, what is written out. */
export type Shaper = (result: unknown) => unknown

/**
 * Makes the shaper of an endpoint; `undefined` where no model is declared. Nothing (`undefined`, `null`), redirects and
 * files have no fields and pass; events of an `@Sse` route are shaped one by one.
 * @throws `SERIALIZE_MODEL_MISMATCH`, `SERIALIZE_CIRCULAR` from the shaper
 */
export async function compileShaper(endpoint: Endpoint): Promise<Shaper | undefined> {
  const declared = declaredModel(endpoint)
  if (!declared) return undefined
  const serialize = await compileSerializer(declared.type, { array: declared.array })
  if (endpoint.route?.sse) return (result) => shapeEvents(result as AsyncIterable<unknown>, serialize)
  return (result) => {
    const hasNoFields = result === undefined || result === null
    return hasNoFields || result instanceof RedirectResponse || result instanceof FileResponse
      ? result
      : serialize(result)
  }
}

/** The model of the successful answer; those of other statuses are for documents and clients. */
function declaredModel(endpoint: Endpoint): ReturnsFact | undefined {
  const facts = RETURNS.read(endpoint.type, endpoint.method)
  const status = endpoint.read(HTTP_CODE) ?? endpoint.route?.status
  return (
    facts.find((fact) => fact.status !== undefined && fact.status === status) ??
    facts.find((fact) => fact.status === undefined) ??
    facts.find(({ status: own = 200 }) => own < 300)
  )
}

async function* shapeEvents(
  events: AsyncIterable<unknown>,
  serialize: Serializer,
): AsyncGenerator<unknown, void, undefined> {
  for await (const event of events) {
    const isEnvelope = typeof event === 'object' && event !== null && 'data' in event
    yield isEnvelope ? { ...event, data: serialize(event.data) } : serialize(event)
  }
}
