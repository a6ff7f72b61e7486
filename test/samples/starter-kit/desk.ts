/** A service desk under test: the whole sample on an empty database in memory, with organisations and their members. */
import { testApp, type TestApp, type TestAppBuilder } from 'tenon/testing'

import { AccountsService } from '../../../samples/starter-kit/accounts/accounts-service.ts'
import { UsersService } from '../../../samples/starter-kit/accounts/users-service.ts'
import type { Caller, Role } from '../../../samples/starter-kit/access/caller.ts'
import { AppModule } from '../../../samples/starter-kit/app-module.ts'
import { OrganisationsService } from '../../../samples/starter-kit/organisations/organisations-service.ts'

/** Somebody who calls the desk. */
export interface Member extends Caller {
  readonly name: string
  /** The desk, called by this member. */
  readonly app: TestApp
  /** A token as a login would have given it. */
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
  async #member(organisationId: string, role: Role, email: string): Promise<Member> {
    const name = email.split('@')[0] as string
    const user = await this.app.get(UsersService).insert(organisationId, { email, name, role, passwordHash: 'none' })
    const { token } = this.app.get(AccountsService).open(user)
    const caller: Caller = { id: user.id, email, role, organisationId }
    return { ...caller, name, token, app: this.app.as(caller) }
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

/** Status and body of an answer, for one comparison. */
export async function answer(asked: Promise<Response>): Promise<{ readonly status: number; readonly body: any }> {
  const response = await asked
  return { status: response.status, body: await response.json() }
}
