/** Calls every operation of a document with requests made up from it, and tells where the application disagrees. */
import { Random, type ProgressShare } from 'tenon'
import { operationsOf, type JsonSchema, type ListedOperation, type OpenApiDocument } from 'tenon/openapi'

import { curlOf, headersOf, urlOf, type FuzzRequest, type Target } from './fuzz-request.ts'
import { ContractOperationUnknown } from '../contract-errors.ts'
import { judgeAnswer, parsed, type Answer, type Complaint, type FindingKind } from './judge-answer.ts'
import { KnownKeys } from './known-keys.ts'
import { bodySchema, flawedRequest, validRequest } from './make-requests.ts'
import { schemaCheck, type SchemaCheck } from './schema-check.ts'
import { shrinkRequest } from './shrink-request.ts'
import { Values } from './values.ts'

export interface FuzzOptions {
  /** Where the application is. */
  readonly baseUrl: string
  /** Sent with every request: credentials. A function is asked for each request. */
  readonly headers?: Headers | (() => Headers | Promise<Headers>)
  readonly document: OpenApiDocument
  /** The same seed makes the same requests. */
  readonly seed: number
  /** Requests for each operation. Default: 50. */
  readonly runs?: number
  /** The longest an answer may take. Default: 5,000. */
  readonly timeoutMs?: number
  /** Operations that are not called: what would end the login that is used, for example. */
  readonly skip?: readonly string[]
  readonly onProgress?: (operation: string, share: ProgressShare) => void
}

type Headers = Readonly<Record<string, string>>

export interface Finding {
  readonly kind: FindingKind
  /** `PATCH /tickets/{id}` */
  readonly operation: string
  readonly text: string
  /** The smallest request that shows it, as a line of curl. */
  readonly curl: string
}

export interface FuzzReport {
  readonly seed: number
  readonly operations: number
  readonly requests: number
  /** Operations for which no valid request could be made: they were not called. */
  readonly uncalled: readonly string[]
  /** Operations that were called and never went well. */
  readonly unsuccessful: readonly string[]
  /** Answers of 401 where callers must be known. */
  readonly unauthorized: number
  readonly findings: readonly Finding[]
}

const DEFAULT_RUNS = 50
const DEFAULT_TIMEOUT_MS = 5000

/** @throws `CONTRACT_PACKAGE_MISSING`, `CONTRACT_OPERATION_UNKNOWN` */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { document, seed, runs = DEFAULT_RUNS, skip = [], onProgress } = options
  const all = operationsOf(document)
  const unknown = skip.find((name) => all.every(({ key }) => key !== name))
  if (unknown !== undefined) throw new ContractOperationUnknown(unknown)
  const run = new FuzzRun(options, await schemaCheck(document))
  const uncalled: string[] = []
  // What is deleted can be asked for no more.
  const operations = all
    .filter(({ key }) => !skip.includes(key))
    .toSorted((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'))
  for (const [done, operation] of operations.entries()) {
    const { key } = operation
    onProgress?.(key, { done, total: operations.length })
    if (!(await run.operation(operation, runs, new Random(seed + hash(key))))) uncalled.push(key)
  }
  const { requests, findings, successful, unauthorized } = run
  const called = operations.map(({ key }) => key).filter((key) => !uncalled.includes(key))
  const unsuccessful = called.filter((key) => !successful.has(key))
  return { seed, operations: operations.length, requests, uncalled, unsuccessful, unauthorized, findings }
}

/** Two complaints that differ in what was sent only are one finding. */
function sameness({ kind, text }: Complaint): string {
  return `${kind} ${text.split(': ')[0]!.replaceAll(/"[^"]*"|\d+/g, '')}`
}

/** Requests for one operation do not depend on the others. */
function hash(text: string): number {
  return Array.from(text).reduce((sum, letter) => (Math.imul(sum, 31) + letter.codePointAt(0)!) | 0, 7)
}

class FuzzRun {
  readonly findings: Finding[] = []
  readonly successful = new Set<string>()
  requests = 0
  unauthorized = 0
  readonly #keys = new KnownKeys()
  #target: Target
  readonly #options: FuzzOptions
  readonly #check: SchemaCheck
  readonly #known = new Set<string>()

  constructor(options: FuzzOptions, check: SchemaCheck) {
    this.#options = options
    this.#target = { baseUrl: options.baseUrl, headers: {} }
    this.#check = check
  }

  /** Whether a request could be made. */
  async operation(operation: ListedOperation, runs: number, random: Random): Promise<boolean> {
    const values = new Values(this.#options.document, random)
    const maker = { values, random, keys: this.#keys, check: this.#check }
    let made = 0
    for (let run = 0; run < runs; run += 1) {
      const valid = validRequest(operation, maker)
      if (!valid) continue
      made += 1
      const request = run % 2 === 0 ? valid : (flawedRequest(operation, valid, maker) ?? valid)
      const complaint = await this.#try(operation, request)
      if (!complaint) continue
      await this.#report(operation, request, complaint)
      // To wait for the same silence again tells nothing new.
      if (complaint.kind === 'no-answer') break
    }
    return made > 0
  }

  async #report(operation: ListedOperation, request: FuzzRequest, complaint: Complaint): Promise<void> {
    const key = `${operation.key} ${sameness(complaint)}`
    if (this.#known.has(key)) return
    this.#known.add(key)
    const schema = bodySchema(operation)
    const isSilent = complaint.kind === 'no-answer'
    const smallest = await shrinkRequest(request, async (smaller) => {
      if (isSilent || !this.#isAsFlawed(smaller, request, schema)) return false
      const again = await this.#try(operation, smaller)
      return again !== undefined && sameness(again) === sameness(complaint)
    })
    const said = smallest === request ? complaint : ((await this.#try(operation, smallest)) ?? complaint)
    this.findings.push({
      kind: complaint.kind,
      operation: operation.key,
      text: said.text,
      curl: curlOf(smallest, this.#target),
    })
  }

  /** What was valid stays valid, and what was not stays so. */
  #isAsFlawed(smaller: FuzzRequest, request: FuzzRequest, schema: JsonSchema | undefined): boolean {
    const wasBroken = this.#breaks(request, schema)
    return this.#breaks(smaller, schema) === wasBroken && (request.body === undefined) === (smaller.body === undefined)
  }

  #breaks({ body }: FuzzRequest, schema: JsonSchema | undefined): boolean {
    return schema !== undefined && body !== undefined && this.#check(schema, body) !== undefined
  }

  async #try(operation: ListedOperation, request: FuzzRequest): Promise<Complaint | undefined> {
    const answer = await this.#send(request)
    if (typeof answer === 'string') return { kind: 'no-answer', text: answer }
    this.#note(operation, answer)
    const { document } = this.#options
    return judgeAnswer(operation, request, answer, { document, check: this.#check })
  }

  #note({ key, path, operation }: ListedOperation, { status, body }: Answer): void {
    if (status === 401 && operation.security) this.unauthorized += 1
    if (status >= 400) return
    this.successful.add(key)
    this.#keys.learn(path, parsed(body))
  }

  async #send(request: FuzzRequest): Promise<Answer | string> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, baseUrl, headers = {} } = this.#options
    this.#target = { baseUrl, headers: typeof headers === 'function' ? await headers() : headers }
    this.requests += 1
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), timeoutMs)
    try {
      const response = await fetch(urlOf(request, this.#target), {
        method: request.method,
        headers: headersOf(request, this.#target),
        redirect: 'manual',
        signal: controller.signal,
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      })
      // A stream of events does not end.
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false
      if (isStream) await response.body?.cancel()
      return { status: response.status, headers: response.headers, body: isStream ? 'stream' : await response.text() }
    } catch (error) {
      return controller.signal.aborted
        ? `there is no answer within ${timeoutMs} ms`
        : `the connection ends without an answer (${(error as Error).message})`
    } finally {
      clearTimeout(timer)
    }
  }
}
