/** A client of the identity provider that speaks the protocol by hand, as an attacker would. */
import { createHash, randomBytes } from 'node:crypto'

import { PASSWORD } from './desk.ts'
import type { House } from './house.ts'
import { Surfer, type Page } from './surfer.ts'

export const BACK = 'http://localhost:9/back'
export const WIKI = { id: 'wiki', secret: 'the-secret-of-the-wiki-0123456789abc', redirectUris: [BACK] }

export interface Tokens {
  readonly access_token: string
  readonly id_token: string
  readonly refresh_token?: string
  readonly error?: string
}

export const verifier = randomBytes(32).toString('base64url')
export const challenge = createHash('sha256').update(verifier).digest('base64url')

export function authorizeUrl({ issuer }: House, changes: Readonly<Record<string, string>> = {}): URL {
  const url = new URL(`${issuer}/auth`)
  const usual = {
    client_id: WIKI.id,
    response_type: 'code',
    redirect_uri: BACK,
    scope: 'openid email',
    state: 'a-state',
    nonce: 'a-nonce',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries({ ...usual, ...changes }))
    if (value !== '') url.searchParams.set(name, value)
  return url
}

export const isBack = (location: URL): boolean => location.href.startsWith(BACK)

/** Goes through the pages until the client is reached. */
export async function authorize(
  house: House,
  changes: Readonly<Record<string, string>> = {},
  surfer = new Surfer(),
): Promise<URL> {
  let page: Page = await surfer.open(authorizeUrl(house, changes), { until: isBack })
  if (page.text.includes('name="password"'))
    page = await surfer.submit(page, { email: 'ada@example.org', password: PASSWORD }, { until: isBack })
  if (page.text.includes('/confirm')) page = await surfer.submit(page, {}, { until: isBack })
  if (!page.location) throw new Error(`${page.status} ${page.text}`)
  return page.location
}

export interface Exchange {
  readonly status: number
  readonly tokens: Tokens
}

export async function ask(
  house: House,
  path: string,
  form: Readonly<Record<string, string>>,
  secret: string = WIKI.secret,
  id = WIKI.id,
): Promise<Exchange> {
  const response = await fetch(`${house.issuer}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(secret !== '' && { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` }),
    },
    body: new URLSearchParams(form).toString(),
  })
  const text = await response.text()
  return { status: response.status, tokens: (text === '' ? {} : JSON.parse(text)) as Tokens }
}

export function exchange(
  house: House,
  back: URL,
  changes: Readonly<Record<string, string>> = {},
  secret?: string,
  id?: string,
): Promise<Exchange> {
  const form = {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code')!,
    redirect_uri: BACK,
    code_verifier: verifier,
    ...changes,
  }
  return ask(house, '/token', form, secret, id)
}

export const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
export const userInfo = (house: House, token: string): Promise<Response> => fetch(`${house.issuer}/me`, bearer(token))
