/** One request to one address: no redirect, no second look-up, no shared connection, and an end to what comes back. */
import type { IncomingMessage, RequestOptions } from 'node:http'

import { FetchFailed, FetchTimedOut, FetchTooLarge } from '../security-errors.ts'
import { hostnameOf, type HostAddress } from './address-guard.ts'

export interface Sending {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
  readonly address: HostAddress
  readonly maxBytes: number
  readonly signal: AbortSignal
}

export interface Received {
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  readonly body: Buffer<ArrayBuffer>
}

/** @throws `SECURITY_FETCH_FAILED`, `SECURITY_FETCH_TIMED_OUT`, `SECURITY_FETCH_TOO_LARGE` */
export async function sendOnce(sending: Sending): Promise<Received> {
  try {
    const response = await answerTo(sending)
    return {
      status: response.statusCode ?? 0,
      statusText: response.statusMessage ?? '',
      headers: headersOf(response),
      body: await collect(response, sending),
    }
  } catch (error) {
    throw named(error, sending)
  }
}

function answerTo({ url, method, headers, body, address, signal }: Sending): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const options: RequestOptions = {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) },
    hostname: hostnameOf(url),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    // A connection of its own: one that is kept might have been opened for somebody else.
    agent: false,
    signal,
    lookup: (_hostname, { all }, done) => {
      if (all) (done as (error: null, addresses: HostAddress[]) => void)(null, [address])
      else (done as (error: null, found: string, family: number) => void)(null, address.address, address.family)
    },
  }
  // An import of node:http would make Node load its fetch client and WebSockets with the application.
  const { request: send } = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http')
  const request = send(options, resolve)
  request.on('error', reject)
  request.end(body)
  return promise
}

async function collect(response: IncomingMessage, { url, maxBytes }: Sending): Promise<Buffer<ArrayBuffer>> {
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) {
    response.destroy()
    throw new FetchTooLarge(url.origin, maxBytes)
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new FetchTooLarge(url.origin, maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers()
  for (let index = 0; index < rawHeaders.length; index += 2) headers.append(rawHeaders[index]!, rawHeaders[index + 1]!)
  return headers
}

function named(error: unknown, { url, signal }: Sending): unknown {
  if (error instanceof FetchTooLarge) return error
  if (signal.aborted) return abortError(url, signal)
  return new FetchFailed(url.origin, 'the connection failed').causedBy(error)
}

/** What ended the fetch: its time, or the caller's own reason. */
export function abortError({ origin }: URL, { reason }: AbortSignal): Error {
  const error = reason as Error
  return error.name === 'TimeoutError' ? new FetchTimedOut(origin).causedBy(error) : error
}
