/** A service desk under test: the whole sample on an empty database in memory, with organisations and their members. */
import { randomUUID } from 'node:crypto'

import type { Principal } from 'tenon'
import { TokenIssuer } from 'tenon/auth'
import { testApp, type TestApp, type TestAppBuilder } from 'tenon/testing'

import type { Role } from '../../../samples/starter-kit/access/roles.ts'
import { UserRepository } from '../../../samples/starter-kit/accounts/user-repository.ts'
import { AppModule } from '../../../samples/starter-kit/app-module.ts'
import { OrganisationsService } from '../../../samples/starter-kit/organisations/organisations-service.ts'

/** What the desk wants to be told before it serves anybody for real. */
export const PRODUCTION = {
  TENON_ENV: 'production',
  AUTH_ISSUER: 'https://desk.example',
  AUTH_KEY_SECRET: 'long enough to encrypt keys with it',
  MFA_SECRET_KEY: 'long enough to encrypt secrets of apps',
  PUBLIC_URL: 'https://desk.example',
  SMTP_URL: 'smtp://127.0.0.1:1',
  DATABASE_URL: 'sqlite::memory:',
}

/** Somebody who calls the desk. */
export interface Member extends Principal {
  readonly name: string
  readonly email: string
  readonly tenant: string
  /** The desk, called by this member. */
  readonly app: TestApp
  /** A token as a login with a second factor would have given it. */
  readonly token: string
}

/** One organisation with somebody of each role. */
export interface Team {
  readonly id: string
  readonly admin: Member
  readonly agent: Member
  readonly customer: Member
  /** Another customer. */
  readonly colleague: Member
}

export class Desk implements AsyncDisposable {
  readonly app: TestApp

  private constructor(app: TestApp) {
    this.app = app
  }

  static async open(prepare: (builder: TestAppBuilder) => TestAppBuilder = (builder) => builder): Promise<Desk> {
    return new Desk(await prepare(testApp(AppModule)).boot())
  }

  async team(name: string): Promise<Team> {
    const { id } = await this.app.get(OrganisationsService).found(name)
    return {
      id,
      admin: await this.#member(id, 'admin', `admin@${name}.example`),
      agent: await this.#member(id, 'agent', `agent@${name}.example`),
      customer: await this.#member(id, 'customer', `customer@${name}.example`),
      colleague: await this.#member(id, 'customer', `colleague@${name}.example`),
    }
  }

  /** A ticket that `member` asked for. */
  async ticket(member: Member, fields: object = {}): Promise<Ticket> {
    const response = await member.app.request('/api/tickets', {
      json: { subject: 'The printer is on fire', description: 'Please come quickly.', ...fields },
    })
    if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`)
    return (await response.json()) as Ticket
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.app.close()
  }

  /** No password fits this account: hashing takes its time, and most tests log nobody in. */
  async #member(tenant: string, role: Role, email: string): Promise<Member> {
    const name = email.split('@')[0] as string
    const { id } = await this.app.get(UserRepository).add({
      id: randomUUID(),
      email,
      tenant,
      roles: [role],
      passwordHash: null,
      verifiedAt: 0,
      disabledAt: null,
      createdAt: 0,
      profile: { name },
    })
    const caller = { id, kind: 'user', tenant, roles: [role] } as const
    const at = Date.now()
    const factors = ['pwd', 'otp'].map((method) => ({ method, at }))
    const authentication = { scheme: 'bearer', factors }
    const { accessToken } = await this.app.get(TokenIssuer).issue({ ...caller, authentication })
    return { ...caller, name, email, token: accessToken, app: this.app.as({ ...caller, authentication }) }
  }
}

export interface Ticket {
  readonly id: number
  readonly version: number
  readonly subject: string
  readonly state: string
  readonly priority: string
  readonly requester: { readonly id: string; readonly name: string }
  readonly assignee: { readonly id: string; readonly name: string } | null
}

/** Status and body of an answer, for one comparison; an answer without a body has none. */
export async function answer(asked: Promise<Response>): Promise<{ readonly status: number; readonly body: any }> {
  const response = await asked
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}
