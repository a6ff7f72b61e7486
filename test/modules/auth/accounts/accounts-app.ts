/** An application with accounts, and what tests do with it again and again. */
import {
  Controller,
  CurrentUser,
  Get,
  Injectable,
  Module,
  Post,
  Public,
  securityEvents,
  type ModuleImport,
  type Principal,
  type SecurityEvent,
} from 'tenon'
import {
  AccountStore,
  Argon2Hasher,
  Authenticated,
  AccountsModule,
  Mailer,
  MemoryOutbox,
  normalizeEmail,
  PasswordHasher,
  PasswordsConfig,
  Postman,
  TokensModule,
  type Derivation,
} from 'tenon/auth'
import { FakeClock, testApp, type TestApp, type TestAppBuilder } from 'tenon/testing'

import { Browser } from './browser.ts'

export const EMAIL = 'ada@example.org'
export const PASSWORD = 'purple-Stapler-reads-7-books'
export const OTHER_PASSWORD = 'green_Kettle_walks_9_miles'

@Controller('/notes')
class NotesController {
  @Get()
  @Authenticated()
  read(@CurrentUser() caller: Principal): Principal {
    return caller
  }

  @Post()
  @Authenticated()
  write(@CurrentUser() caller: Principal): Principal {
    return caller
  }

  @Post('/open')
  @Public('A note on the door.')
  pin(): string {
    return 'pinned'
  }
}

@Module({ controllers: [NotesController] })
export class NotesModule {}

/** The real thing, counted. */
@Injectable()
export class CountedHasher extends Argon2Hasher {
  runs = 0

  constructor(config: PasswordsConfig) {
    super(config)
  }

  protected override derive(derivation: Derivation): Promise<Buffer> {
    this.runs += 1
    return super.derive(derivation)
  }
}

export interface AccountsApp extends AsyncDisposable {
  readonly app: TestApp
  readonly clock: FakeClock
  readonly outbox: MemoryOutbox
  readonly hasher: CountedHasher
  /** Security events since the start. */
  readonly events: readonly SecurityEvent[]
  browser(headers?: Record<string, string>): Browser
  /** Signs up, opens the link, and answers the account's id. */
  member(email?: string, password?: string): Promise<string>
  /** A browser that has logged in. */
  loggedIn(email?: string, password?: string, headers?: Record<string, string>): Promise<Browser>
  /** The code of the latest mail to the address, once it was sent. */
  codeFor(email: string): Promise<string>
  /** Waits until every mail is out. */
  mailsSent(): Promise<void>
}

export interface AccountsSettings {
  readonly env?: Readonly<Record<string, string>>
  readonly modules?: readonly ModuleImport[]
  /** What is there besides. Default: the notes. */
  readonly root?: readonly ModuleImport[]
  readonly adjust?: (builder: TestAppBuilder) => TestAppBuilder
}

/** The least that argon2 may cost here: what is tested is not how long it takes. */
const CHEAP = { PASSWORD_MEMORY_KIB: '7168', PASSWORD_PASSES: '1' }

export async function accountsApp({
  env = {},
  modules = [AccountsModule, TokensModule],
  root = [NotesModule],
  adjust = (builder) => builder,
}: AccountsSettings = {}): Promise<AccountsApp> {
  const clock = new FakeClock(new Date('2026-03-01T12:00:00Z'))
  const events: SecurityEvent[] = []
  const stop = securityEvents.subscribe((event) => events.push(event))
  const builder = testApp(...([...root, ...modules] as [ModuleImport, ...ModuleImport[]]))
    .clock(clock)
    .env({ ...CHEAP, HTTP_TRUST_PROXY: 'loopback', ...env })
    .override(PasswordHasher)
    .withClass(CountedHasher)
  const app = await adjust(builder).boot()
  const outbox = app.get(Mailer) as MemoryOutbox

  const mailsSent = async (): Promise<void> => app.get(Postman).settled()
  const codeFor = async (email: string): Promise<string> => {
    await mailsSent()
    const [, code] = /#code=([\w-]+)/.exec(outbox.lastTo(normalizeEmail(email))?.text ?? '') ?? []
    if (code === undefined) throw new Error(`There is no mail with a code for ${email}.`)
    return code
  }
  const member = async (email = EMAIL, password = PASSWORD): Promise<string> => {
    const browser = new Browser(app)
    await browser.call('/auth/sign-up', { json: { email, password } })
    await browser.call('/auth/verify', { json: { code: await codeFor(email) } })
    return (await app.get(AccountStore).findByEmail(normalizeEmail(email)))!.id
  }
  const loggedIn = async (
    email = EMAIL,
    password = PASSWORD,
    headers: Record<string, string> = {},
  ): Promise<Browser> => {
    const browser = new Browser(app, headers)
    const response = await browser.logIn(email, password)
    if (response.status !== 200) throw new Error(`Not logged in: ${response.status} ${await response.text()}`)
    return browser
  }
  return {
    app,
    clock,
    outbox,
    hasher: app.get(PasswordHasher) as CountedHasher,
    events,
    browser: (headers) => new Browser(app, headers),
    member,
    loggedIn,
    codeFor,
    mailsSent,
    [Symbol.asyncDispose]: async () => {
      stop()
      await app.close()
    },
  }
}
