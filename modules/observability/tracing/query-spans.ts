/** A span for each SQL statement, told by the channel of the data module; any driver may tell its own in the same words. */
import { SpanKind, type Attributes, type Span } from '@opentelemetry/api'
import { ApplicationSite, Environment } from 'tenon'
import { Injectable, OnInit, OnShutdown } from 'tenon/decorators'

import { ChannelListeners } from '../channel-listeners.ts'
import { CALL_CONTEXTS, RECORDER } from './call-contexts.ts'
import type { CallRecording } from './call-recording.ts'
import { Recorder } from './recorder.ts'
import { noteFailure } from './note-failure.ts'
import { recordingIn } from './sdk-parts.ts'

/** What is published on `tenon:data:query`. */
export interface QueryMessage {
  readonly sql: string
  readonly database: string
  readonly askedAt: string | undefined
  readonly site: ApplicationSite | undefined
  isFollowed: boolean
  readonly rows: number | undefined
  readonly error: unknown
}

/** Statements that begin and end transactions: spans, but no queries of the application. */
const TRANSACTION = /^\s*(begin|start transaction|commit|rollback|savepoint|release)\b/i

export function isTransactionEnd(sql: string): boolean {
  return TRANSACTION.test(sql)
}

/** The names of https://opentelemetry.io/docs/specs/semconv/database/ for TypeORM's. */
const SYSTEMS: Readonly<Record<string, string>> = {
  'better-sqlite3': 'sqlite',
  postgres: 'postgresql',
  mysql: 'mysql',
  mariadb: 'mariadb',
}

/** That somebody listens is all it takes. */
export const wantPlaces = (): void => {}

interface Pending {
  readonly span: Span
  readonly recording: CallRecording | undefined
  readonly startedAt: number
  readonly counts: boolean
}

@Injectable()
export class QuerySpans {
  readonly #recorder: Recorder
  readonly #pending = new WeakMap<QueryMessage, Pending>()
  readonly #channels: ChannelListeners

  constructor(recorder: Recorder, environment: Environment) {
    this.#recorder = recorder
    this.#channels = new ChannelListeners({
      'tracing:tenon:data:query:start': this.#begin,
      'tracing:tenon:data:query:asyncEnd': this.#end,
      ...(environment.isDevelopment && { 'tenon:data:asked': wantPlaces }),
    })
  }

  @OnInit()
  listen(): void {
    if (this.#recorder.tracer) this.#channels.listen()
  }

  @OnShutdown()
  stop(): void {
    this.#channels.stop()
  }

  readonly #begin = (message: QueryMessage): void => {
    const context = CALL_CONTEXTS.recorded
    const { tracer } = this.#recorder
    if (!context || !tracer || context.getValue(RECORDER) !== this.#recorder) return
    message.isFollowed = true
    const { sql, database } = message
    const recording = recordingIn(context)
    const attributes: Attributes = {
      'db.system.name': SYSTEMS[database] ?? database,
      'db.query.text': sql,
      'db.query.summary': summaryOf(sql),
    }
    // The stack is still that of the one who asked.
    const site = recording?.isKept ? new ApplicationSite() : undefined
    const startTime = recording?.now()
    const span = tracer.startSpan(
      summaryOf(sql),
      { kind: SpanKind.CLIENT, attributes, ...(startTime !== undefined && { startTime }) },
      context,
    )
    if (site) recording!.askedAt(span, placesOf(site, message))
    this.#pending.set(message, { span, recording, startedAt: performance.now(), counts: !isTransactionEnd(sql) })
  }

  readonly #end = (message: QueryMessage): void => {
    const pending = this.#pending.get(message)
    if (!pending) return
    const { span, recording, startedAt, counts } = pending
    if (message.rows !== undefined) span.setAttribute('db.response.returned_rows', message.rows)
    if (message.error !== undefined) noteFailure(span, message.error)
    span.end(recording?.now())
    if (!recording) return
    if (counts) recording.queries += 1
    recording.queriesMs += performance.now() - startedAt
  }
}

/** `SELECT ticket`: the verb and the first table, of which there are few. */
function summaryOf(sql: string): string {
  const verb = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? 'SQL'
  const table = /\b(?:from|into|update|join|table)\s+["`[]?(\w+)/i.exec(sql)?.[1]
  return table === undefined ? verb : `${verb} ${table}`
}

/** The stack, and where the application asked before all of its functions had returned a promise. */
function placesOf(own: ApplicationSite, { site, sql }: QueryMessage): readonly ApplicationSite[] {
  return site && !isTransactionEnd(sql) ? [own, site] : [own]
}
