import {
  Body,
  Controller,
  createApp,
  Ctx,
  HttpCode,
  HttpContext,
  LogControl,
  Logger,
  Module,
  Post,
  Public,
  Returns,
  type LogRecord,
} from 'tenon'
import {
  AccountColumns,
  AccountRepository,
  AccountServicesModule,
  AccountsModule,
  AccountStore,
  Logins,
  Sessions,
  SignUps,
} from 'tenon/auth'
import { Column, DataModule, Entity, Repository, type Migration, type QueryRunner } from 'tenon/data'
import { Expose, Length } from 'tenon/validation'

import { Credentials } from '../../../../modules/auth/accounts/account-requests.ts'
import { accountsApp, EMAIL, NotesModule, PASSWORD } from './accounts-app.ts'
import { onEveryDatabase } from '../../data/on-every-database.ts'

@Entity('people')
class Person extends AccountColumns {
  @Column({ type: 'varchar', length: 80 })
  name!: string
}

@Repository(Person)
class People extends AccountRepository<Person> {}

class Registration extends Credentials {
  @Length(1, 80)
  readonly name!: string
}

class PersonView {
  @Expose() readonly name!: string
}

/** An application's own way in, made of the services. */
@Controller('/people')
@Public('This is how people get in.')
class PeopleController {
  constructor(
    private readonly signUps: SignUps,
    private readonly logins: Logins,
    private readonly sessions: Sessions,
  ) {}

  @Post()
  @HttpCode(202)
  async register(@Body() { name, ...credentials }: Registration): Promise<void> {
    await this.signUps.begin({ ...credentials, roles: ['person'], tenant: 'acme', profile: { name } })
  }

  @Post('/login')
  @HttpCode(200)
  @Returns(PersonView)
  async logIn(@Body() { email, password }: Credentials, @Ctx() context: HttpContext): Promise<PersonView> {
    const { account, factors } = await this.logins.byPassword(email, password)
    await this.sessions.open(context, { accountId: account.id, factors })
    return account as Person
  }
}

class CreatePeople1790000000000 implements Migration {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE people (id VARCHAR(36) PRIMARY KEY, email VARCHAR(254) UNIQUE, ${['passwordHash', 'roles', 'tenant', 'name'].map((each) => `${quoted(runner, each)} VARCHAR(255)`).join(', ')},
      ${['verifiedAt', 'disabledAt', 'createdAt'].map((each) => `${quoted(runner, each)} BIGINT`).join(', ')})`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE people')
  }
}

function quoted(runner: QueryRunner, name: string): string {
  return runner.dataSource.driver.escape(name)
}

@Module({
  imports: [AccountServicesModule, DataModule.with({ migrations: [CreatePeople1790000000000] })],
  controllers: [PeopleController],
  providers: [People, { provide: AccountStore, useExisting: People }],
})
class PeopleModule {}

onEveryDatabase('Accounts in an entity of the application', (database) => {
  it('sign up and log in by endpoints of the application', async () => {
    await using at = await database.create()
    await using desk = await accountsApp({ modules: [AccountsModule, PeopleModule], env: { DATABASE_URL: at.url } })
    const browser = desk.browser()

    const begun = await browser.call('/people', { json: { email: EMAIL, password: PASSWORD, name: 'Ada' } })
    await browser.call('/auth/verify', { json: { code: await desk.codeFor(EMAIL) } })
    const login = await browser.call('/people/login', { json: { email: EMAIL, password: PASSWORD } })

    expect([begun.status, login.status]).toEqual([202, 200])
    expect(await login.json()).toEqual({ name: 'Ada' })
    expect(await (await browser.call('/notes')).json()).toMatchObject({ roles: ['person'], tenant: 'acme' })
    expect(await desk.app.get(People).findByEmail(EMAIL)).toMatchObject({ name: 'Ada' })
  })
})

describe('The endpoints of accounts', () => {
  it('leave the sign-up to one of the application, at the same path', async () => {
    @Controller('/auth')
    @Public('This is how people get in.')
    class OwnSignUp {
      @Post('/sign-up')
      @HttpCode(202)
      signUp(@Body() { name }: Registration): string {
        return `${name} asks for more`
      }
    }
    @Module({ controllers: [OwnSignUp] })
    class OwnModule {}
    await using desk = await accountsApp({ modules: [AccountsModule.with({ signUp: false }), OwnModule] })
    const json = { email: EMAIL, password: PASSWORD, name: 'Ada' }

    const own = await desk.browser().call('/auth/sign-up', { json })

    expect([own.status, await own.text()]).toEqual([202, 'Ada asks for more'])
    expect((await desk.browser().call('/auth/password/forgot', { json: { email: EMAIL } })).status).toBe(202)
  })

  it('stand below the path that is asked for', async () => {
    await using desk = await accountsApp({
      modules: [AccountsModule.with({ verifyPath: '/welcome' }, '/api/v1/account')],
    })

    const response = await desk
      .browser()
      .call('/api/v1/account/sign-up', { json: { email: EMAIL, password: PASSWORD } })

    expect(response.status).toBe(202)
    expect((await desk.browser().call('/auth/sign-up', { json: { email: EMAIL, password: PASSWORD } })).status).toBe(
      404,
    )
    await desk.codeFor(EMAIL)
    expect(desk.outbox.lastTo(EMAIL)?.text).toContain('/welcome#code=')
  })

  it('are not there where only the services are asked for, and tokens only with their module', async () => {
    await using services = await accountsApp({ modules: [AccountServicesModule, NotesModule] })
    await using sessions = await accountsApp({ modules: [AccountsModule] })

    expect((await services.browser().call('/auth/login', { json: {} })).status).toBe(404)
    expect((await sessions.browser().call('/auth/token', { json: { email: EMAIL, password: PASSWORD } })).status).toBe(
      404,
    )
    expect((await sessions.browser().call('/auth/csrf')).status).toBe(200)
  })

  it('let nobody sign up where accounts are made by invitation', async () => {
    await using desk = await accountsApp({ env: { ACCOUNTS_SIGN_UP: 'false' } })

    const refused = await desk.browser().call('/auth/sign-up', { json: { email: EMAIL, password: PASSWORD } })

    expect(await refused.json()).toMatchObject({ status: 403, code: 'AUTH_SIGN_UP_CLOSED' })
  })

  it('have an account for callers that have one', async () => {
    await using desk = await accountsApp()

    const missing = await desk.app.as({ id: 'robot', kind: 'service' }).request('/auth/me')

    expect(await missing.json()).toMatchObject({ status: 404, code: 'AUTH_ACCOUNT_MISSING' })
  })
})

describe('An account that is logged', () => {
  it('shows neither its address nor what lets it in', async () => {
    @Module({})
    class PlainModule {}
    await using app = await createApp(PlainModule, { env: { TENON_ENV: 'test', LOG_LEVEL: 'info' } })
    const person = Object.assign(new Person(), {
      id: 'p1',
      email: EMAIL,
      passwordHash: '$argon2id$c4nary',
      name: 'Ada',
    })
    const lines: LogRecord[] = []
    using _listening = { [Symbol.dispose]: app.get(LogControl).listen((line) => lines.push(line)) }

    app.get(Logger).info('Seen.', { person })

    expect(lines.find(({ message }) => message === 'Seen.')?.fields).toMatchObject({
      person: { id: 'p1', email: '[pii]', passwordHash: '[secret]', name: 'Ada' },
    })
  })
})
