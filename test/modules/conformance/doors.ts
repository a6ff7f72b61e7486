/** The kinds of endpoints as things that can be knocked at: each asks the same desk, and tells what came back. */
import { AccessTokens } from 'tenon/auth'
import type { CommandInput, Principal } from 'tenon'
import type { TestApp } from 'tenon/testing'

import { Methods } from './doors-program.ts'

const HTTP_COUNT = 'http_server_request_duration_seconds_count'

export interface Asked {
  readonly as?: Principal
  readonly tenant?: string
  readonly version?: string
  readonly query?: Readonly<Record<string, number>>
}

export interface Answered {
  readonly status: number
  /** Of a refusal. */
  readonly code: string | undefined
  readonly value: unknown
}

export interface Door {
  readonly app: TestApp
  /** How spans, metrics and lines of the log call the endpoint of an action. */
  readonly names: {
    readonly span: string
    readonly endpoint: string
    readonly metric: Readonly<Record<string, string>>
  }
  ask(action: string, asked?: Asked): Promise<Answered>
}

export type OpenDoor = (app: TestApp) => Door

/** Routes below a path, asked by real requests with real tokens. */
export function routes(path: string, method: 'GET' | 'POST'): OpenDoor {
  return (app) => ({
    app,
    names: {
      span: `${method} ${path}/free`,
      endpoint: 'Door.free',
      metric: { name: HTTP_COUNT, http_route: `${path}/free`, http_response_status_code: '200' },
    },
    async ask(action, { as, tenant, version, query = {} } = {}) {
      const words = new URLSearchParams(
        Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
      )
      const headers = {
        ...(as && { authorization: `Bearer ${(await app.get(AccessTokens).issue(as)).accessToken}` }),
        ...(tenant !== undefined && { 'x-tenant-id': tenant }),
        ...(version !== undefined && { 'x-api-version': version }),
      }
      const body = new FormData()
      body.set('file', new Blob(['x']), 'x.txt')
      const init = { method, headers, ...(method === 'POST' && { body }) }
      return answerOf(await app.request(`${path}/${action}?${words.toString()}`, init))
    },
  })
}

/** What no route answers: another path, another method, and the automatic OPTIONS. */
export function unanswered(app: TestApp): Door {
  return {
    app,
    names: {
      span: 'GET',
      endpoint: 'Unanswered.notFound',
      metric: { name: HTTP_COUNT, http_request_method: 'GET', http_response_status_code: '404' },
    },
    async ask(action) {
      if (action === 'another method') return answerOf(await app.request('/plain/free', { method: 'DELETE' }))
      if (action === 'options') return answerOf(await app.request('/plain/free', { method: 'OPTIONS' }))
      return answerOf(await app.request(`/nowhere/${action}`))
    },
  }
}

export function commands(app: TestApp): Door {
  return {
    app,
    names: {
      span: 'Commands.free',
      endpoint: 'Commands.free',
      metric: { name: 'tenon_call_duration_seconds_count', code_function_name: 'Commands.free', tenon_status: '200' },
    },
    async ask(action, { tenant, query = {} } = {}) {
      const texts = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]))
      const input: CommandInput = { options: { ...texts, ...(tenant !== undefined && { tenant }) } }
      return outcomeOf(async () => (await app.application.run(`door:${action}`, input)).data)
    },
  }
}

/** Methods of a provider, called by code. */
export function methods(app: TestApp): Door {
  return {
    app,
    names: { span: 'methods.free', endpoint: 'Methods.free', metric: { name: 'methods_free_total' } },
    ask: (action, { query = {} } = {}) =>
      outcomeOf(() => app.get(Methods)[action as 'whole'](query as { readonly fails: number })),
  }
}

async function answerOf(response: Response): Promise<Answered> {
  const text = await response.text()
  const isEvents = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  const body: unknown = parse(isEvents ? /^data: (.*)$/m.exec(text)?.[1] : text)
  const code = (body as { readonly code?: string } | undefined)?.code
  return { status: response.status, code: response.ok ? undefined : code, value: body }
}

async function outcomeOf(work: () => Promise<unknown>): Promise<Answered> {
  try {
    return { status: 200, code: undefined, value: await work() }
  } catch (error) {
    const { code, status = 500 } = error as { readonly code?: string; readonly status?: number }
    return { status, code, value: undefined }
  }
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return text
  }
}
