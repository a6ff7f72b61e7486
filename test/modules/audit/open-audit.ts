/** An application with an audit log, on a database of the test. */
import { Controller, Get, Module, Public, securityEvents } from 'tenon'
import { AuditLog, AuditModule, AuditVerifier, type AuditConfig, type AuditVerification } from 'tenon/audit'
import { Database } from 'tenon/data'
import { testApp, type TestApp } from 'tenon/testing'

import type { DatabaseUnderTest } from '../data/on-every-database.ts'

@Public('Test.')
@Controller('/login')
class Logins {
  @Get()
  login(): object {
    securityEvents.publish({ type: 'accounts.login', outcome: 'refused', reason: 'password', at: 1 })
    return {}
  }
}

export class OpenAudit implements AsyncDisposable {
  readonly app: TestApp
  readonly #drop: () => PromiseLike<void>

  private constructor(app: TestApp, drop: () => PromiseLike<void>) {
    this.app = app
    this.#drop = drop
  }

  static async on(
    database: Pick<DatabaseUnderTest, 'create'>,
    settings: Partial<AuditConfig> = {},
    url?: string,
  ): Promise<OpenAudit> {
    const created = url === undefined ? await database.create() : undefined
    @Module({ imports: [AuditModule.with(settings)], controllers: [Logins] })
    class App {}
    const app = await testApp(App)
      .env({ DATABASE_URL: url ?? created?.url })
      .boot()
    return new OpenAudit(app, () => created?.[Symbol.asyncDispose]() ?? Promise.resolve())
  }

  get log(): AuditLog {
    return this.app.get(AuditLog)
  }

  /** Publishes so many events and waits until they are written. */
  async write(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      securityEvents.publish({ type: 'test.event', outcome: 'allowed', subject: `s-${index}`, at: index })
    }
    await this.log.flush()
  }

  verify(checkpoint?: string): Promise<AuditVerification> {
    return this.app.get(AuditVerifier).verify(checkpoint)
  }

  sql(statement: string): Promise<unknown> {
    return this.app.get(Database).source.query(statement)
  }

  /** What somebody does first who owns the database. */
  async disarm(): Promise<void> {
    const { type } = this.app.get(Database).source.options
    if (type === 'postgres') await this.sql('DROP TRIGGER audit_entry_append_only ON audit_entry')
    else if (type !== 'mariadb' && type !== 'mysql') {
      await this.sql('DROP TRIGGER audit_entry_no_update')
      await this.sql('DROP TRIGGER audit_entry_no_delete')
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app.close()
    await this.#drop()
  }
}
