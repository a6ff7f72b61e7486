/** An application for people and programs, and the token requests that programs send. */
import { ServiceAccountEndpointModule, ServiceAccounts, type NewServiceAccount } from 'tenon/auth'
import type { ModuleImport } from 'tenon'
import type { TestApp, TestAppBuilder } from 'tenon/testing'

import { deskApp } from '../tokens/desk.ts'

export const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

export function backstageApp(...others: readonly ModuleImport[]): TestAppBuilder {
  return deskApp(ServiceAccountEndpointModule, ...others)
}

export interface Client {
  readonly id: string
  readonly secret: string
}

export async function newClient(app: TestApp, account: Partial<NewServiceAccount> = {}): Promise<Client> {
  const made = await app.get(ServiceAccounts).create({ name: 'robot', ...account })
  return { id: made.account.id, secret: made.clientSecret }
}

type Fields = Readonly<Record<string, string>>

/** As RFC 6749 §2.3.1 asks for it. */
export function basic({ id, secret }: Client): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`
}

export async function ask(
  app: TestApp,
  client: Client | undefined,
  fields: Fields,
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>>; readonly headers: Headers }> {
  const response = await app.request('/auth/token', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(client ? { authorization: basic(client) } : {}),
    },
    body: new URLSearchParams(fields).toString(),
  })
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    headers: response.headers,
  }
}

export function exchangeOf(token: string, further: Fields = {}): Fields {
  return { grant_type: EXCHANGE, subject_token: token, subject_token_type: ACCESS_TOKEN, ...further }
}
