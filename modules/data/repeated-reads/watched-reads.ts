/**
 * Counts the reads of one piece of work. The same statement again and again, with other values each time, is a question
 * asked row by row that one question could answer.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { channel, tracingChannel } from 'node:diagnostics_channel'

import type { QueryMessage } from '../query-channel.ts'

/** So many times is no accident. */
const REPETITIONS = 5

/** One statement that was sent too often. */
export interface RepeatedRead {
  /** With placeholders, never with values. */
  readonly sql: string
  readonly times: number
  /** `file:line:column` where the application asked, if it is known. */
  readonly askedAt: string | undefined
}

interface Count {
  times: number
  askedAt: string | undefined
}

const WATCHED = new AsyncLocalStorage<Map<string, Count>>()
const READ = /^\s*SELECT\b/i

/** Runs `work` and answers what it read too often, with its result. Only while `listen` is on. */
export async function watchReads<T>(
  work: () => T | Promise<T>,
): Promise<{ readonly result: T; readonly repeated: readonly RepeatedRead[] }> {
  const counts = new Map<string, Count>()
  const result = await WATCHED.run(counts, async () => work())
  const repeated = [...counts]
    .filter(([, { times }]) => times >= REPETITIONS)
    .map(([sql, { times, askedAt }]) => ({ sql, times, askedAt }))
  return { result, repeated }
}

/** Counts statements from now on, until the answered function is called. */
export function listen(): () => void {
  const queries = tracingChannel<QueryMessage>('tenon:data:query')
  const asked = channel('tenon:data:asked')
  queries.start.subscribe(count)
  asked.subscribe(nothing)
  return () => {
    queries.start.unsubscribe(count)
    asked.unsubscribe(nothing)
  }
}

function count(published: unknown): void {
  const counts = WATCHED.getStore()
  if (!counts) return
  const message = published as QueryMessage
  const { sql } = message
  if (!READ.test(sql)) return
  const known = counts.get(sql)
  if (known) known.times += 1
  else counts.set(sql, { times: 1, askedAt: undefined })
  const now = known ?? counts.get(sql)!
  // The place costs something, so only those that are going to be told have one.
  if (now.times === REPETITIONS) now.askedAt = message.askedAt
}

/** With somebody who listens, repositories note where they were asked. */
function nothing(): void {}
