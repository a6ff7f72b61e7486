import {
  Body,
  Controller,
  CurrentUser,
  Environment,
  Get,
  Injectable,
  Logger,
  Module,
  OnShutdown,
  Post,
  Redirect,
  token,
  type Principal,
} from 'tenon'
import { MemoryLogger, testApp } from 'tenon/testing'

abstract class Mailer {
  abstract send(text: string): string
}

@Injectable()
class RealMailer extends Mailer {
  send(): string {
    throw new Error('Nothing is sent from tests.')
  }
}

const SENDER = token<string>('Sender')

@Controller('/')
class MailController {
  static closed = 0

  constructor(
    readonly mailer: Mailer,
    readonly log: Logger,
  ) {}

  @Get('/me')
  me(@CurrentUser() user: Principal | undefined): object {
    return { user: user ?? null }
  }

  @Post('/mails')
  send(@Body('text') text: string): string {
    this.log.info('sending')
    return this.mailer.send(text)
  }

  @Get('/away')
  @Redirect('/nowhere')
  away(): void {}

  @OnShutdown()
  close(): void {
    MailController.closed += 1
  }
}

@Module({ controllers: [MailController], providers: [{ provide: Mailer, useClass: RealMailer }] })
class MailModule {}

describe('testApp', () => {
  it('replaces providers by a value, a class or a factory', async () => {
    @Injectable()
    class Outbox extends Mailer {
      send(text: string): string {
        return `class ${text}`
      }
    }

    const byValue = testApp(MailModule)
      .override(Mailer)
      .with({ send: (text) => `value ${text}` })
    const byClass = testApp(MailModule).override(Mailer).withClass(Outbox)
    const byFactory = testApp(MailModule)
      .override(Mailer)
      .withFactory(() => Promise.resolve({ send: (text: string) => `factory ${text}` }))

    const answers = []
    for (const builder of [byValue, byClass, byFactory]) {
      await using app = await builder.boot()
      const response = await app.request('/mails', { json: { text: 'hello' } })
      answers.push([response.status, await response.text()])
    }

    expect(answers).toEqual([
      [201, 'value hello'],
      [201, 'class hello'],
      [201, 'factory hello'],
    ])
  })

  it('keeps its log to read, by level and with the name of the class that wrote', async () => {
    await using app = await testApp(MailModule)
      .override(Mailer)
      .with({ send: (text) => text })
      .boot()

    await app.request('/mails', { json: { text: 'hello' } })

    expect(app.logs.at('info').find(({ message }) => message === 'sending')?.fields).toEqual({
      logger: 'MailController',
    })
    expect(app.logs.at('error')).toEqual([])
  })

  it('reads a log that a test has put in its place', async () => {
    const logs = new MemoryLogger()
    await using app = await testApp(MailModule)
      .override(Logger)
      .with(logs)
      .override(Mailer)
      .with({ send: String })
      .boot()

    await app.request('/mails', { json: { text: 'hello' } })

    expect(app.logs).toBe(logs)
    expect(logs.lines.map(({ message }) => message)).toContain('sending')
  })

  it('calls as somebody, and as nobody', async () => {
    await using app = await testApp(MailModule).boot()
    const ann = app.as({ id: 'ann' })

    const asked = await Promise.all(
      [ann, app, ann.as({ id: 'bob' })].map(async (each) => (await each.request('/me')).json()),
    )

    expect(asked).toEqual([{ user: { id: 'ann' } }, { user: null }, { user: { id: 'bob' } }])
    expect(await ann.url()).toBe(await app.url())
  })

  it('takes no identity that it has not given out', async () => {
    await using app = await testApp(MailModule).boot()

    const response = await app.request('/me', { headers: { 'x-test-identity': 'ann' } })

    expect(await response.json()).toEqual({ user: null })
  })

  it('sees the variables of the test and nothing of the process', async () => {
    await using app = await testApp(MailModule).env({ CITY: 'Riga' }).env({ COUNTRY: 'Latvia' }).boot()
    const { name, variables } = app.get(Environment)

    expect(name).toBe('test')
    expect({ ...variables }).toEqual({ TENON_ENV: 'test', CITY: 'Riga', COUNTRY: 'Latvia' })
  })

  it('does not follow redirects', async () => {
    await using app = await testApp(MailModule).boot()

    const response = await app.request('/away')

    expect([response.status, response.headers.get('location')]).toEqual([302, '/nowhere'])
  })

  it('listens on one free port, when first asked', async () => {
    await using app = await testApp(MailModule).override(SENDER).with('me').boot()
    await using other = await testApp(MailModule).boot()

    expect(await app.url()).toBe(await app.url())
    expect(await app.url()).not.toBe(await other.url())
    expect(await app.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(app.get(SENDER)).toBe('me')
  })

  it('closes at the end of the block', async () => {
    const before = MailController.closed
    {
      await using app = await testApp(MailModule).boot()
      await app.url()
    }

    expect(MailController.closed).toBe(before + 1)
  })
})
