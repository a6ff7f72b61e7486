/** An attack: what an attacker tries, and what somebody who may does in the same way, to show that the door is no wall. */
import type { Principal } from 'tenon'
import { testApp, type TestApp } from 'tenon/testing'

import { DeskModule, fillDesk } from '../service-desk.ts'

export interface Call {
  readonly as?: Principal
  readonly path: string
  readonly method?: string
  readonly json?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Attack {
  readonly name: string
  readonly attack: Call
  /** Statuses that keep the attacker out. */
  readonly refused: readonly number[]
  /** The legitimate twin. */
  readonly control: Call
  readonly allowed: number
}

export async function bootDesk(): Promise<TestApp> {
  const app = await testApp(DeskModule).boot()
  await fillDesk(app)
  return app
}

/** Sent as it is written: `fetch` would tidy the path. */
export async function send(app: TestApp, { as, path, method = 'GET', json, headers = {} }: Call): Promise<Response> {
  const client = as ? app.as(as) : app
  return client.request(path, { method, headers, ...(json === undefined ? {} : { json }) })
}
