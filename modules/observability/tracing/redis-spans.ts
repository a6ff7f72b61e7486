/** A span for each command to Redis, told by the channel of its client (`redis` 5.12 and later), so nothing is patched. */
import { SpanKind, type Attributes, type Span } from '@opentelemetry/api'
import { Injectable, OnInit, OnShutdown } from 'tenon/decorators'

import { ChannelListeners } from '../channel-listeners.ts'
import { CALL_CONTEXTS, RECORDER } from './call-contexts.ts'
import type { CallRecording } from './call-recording.ts'
import { Recorder } from './recorder.ts'
import { noteFailure } from './note-failure.ts'
import { recordingIn } from './sdk-parts.ts'

/** What the client publishes of a command: the same object at its start and at its end. */
interface RedisCommand {
  readonly command: string
  readonly database: number
  readonly serverAddress: string
  readonly serverPort: number | undefined
  readonly error?: unknown
}

interface Pending {
  readonly span: Span
  readonly recording: CallRecording | undefined
}

@Injectable()
export class RedisSpans {
  readonly #recorder: Recorder
  readonly #pending = new WeakMap<RedisCommand, Pending>()
  readonly #channels: ChannelListeners

  constructor(recorder: Recorder) {
    this.#recorder = recorder
    this.#channels = new ChannelListeners({
      'tracing:node-redis:command:start': this.#begin,
      'tracing:node-redis:command:asyncEnd': this.#end,
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

  readonly #begin = (message: RedisCommand): void => {
    const context = CALL_CONTEXTS.recorded
    const { tracer } = this.#recorder
    if (!context || !tracer || context.getValue(RECORDER) !== this.#recorder) return
    const { database, serverAddress, serverPort } = message
    const command = message.command.toUpperCase()
    // Neither keys nor values: both may hold what nobody should read.
    const attributes: Attributes = {
      'db.system.name': 'redis',
      'db.operation.name': command,
      'db.namespace': String(database),
      'server.address': serverAddress,
      ...(serverPort !== undefined && { 'server.port': serverPort }),
    }
    const recording = recordingIn(context)
    const startTime = recording?.now()
    const span = tracer.startSpan(
      command,
      { kind: SpanKind.CLIENT, attributes, ...(startTime !== undefined && { startTime }) },
      context,
    )
    this.#pending.set(message, { span, recording })
  }

  readonly #end = (message: RedisCommand): void => {
    const pending = this.#pending.get(message)
    if (!pending) return
    if (message.error !== undefined) noteFailure(pending.span, message.error)
    pending.span.end(pending.recording?.now())
  }
}
