import {
  Controller,
  CurrentUser,
  Get,
  Injectable,
  Module,
  Public,
  securityEvents,
  type CallContext,
  type Principal,
  type SecurityEvent,
} from 'tenon'
import { Authenticated, AuthenticationRequired, AuthenticationScheme, AuthModule } from 'tenon/auth'
import { testApp } from 'tenon/testing'

@Injectable()
class BadgeScheme extends AuthenticationScheme {
  readonly name = 'badge'
  readonly document = { type: 'apiKey', in: 'header', name: 'x-badge' }
  readonly challenge = 'Badge'

  authenticate(context: CallContext): Principal | undefined {
    const id = context.header('x-badge')
    return id === undefined ? undefined : { id }
  }
}

@Injectable()
class SlowScheme extends AuthenticationScheme {
  readonly name = 'slow'
  readonly document = { type: 'http', scheme: 'slow' }
  readonly challenge = 'Slow realm="test"'

  async authenticate(context: CallContext): Promise<Principal | undefined> {
    const id = context.header('x-slow')
    return id === undefined ? undefined : { id }
  }
}

@Controller('/desk')
class DeskController {
  @Get()
  open(@CurrentUser() caller: Principal): string {
    return caller.id
  }

  @Get('/badge')
  @Authenticated('badge')
  badge(@CurrentUser() caller: Principal): string {
    return caller.id
  }

  @Get('/lobby')
  @Public('a lobby')
  lobby(@CurrentUser() caller?: Principal): string {
    return caller?.id ?? 'nobody'
  }
}

@Module({
  imports: [AuthModule],
  controllers: [DeskController],
  providers: [
    { provide: AuthenticationScheme, useClass: SlowScheme },
    { provide: AuthenticationScheme, useClass: BadgeScheme },
  ],
})
class DeskModule {}

describe('AuthenticationInterceptor', () => {
  it('takes the caller of the first scheme that finds a credential', async () => {
    await using app = await testApp(DeskModule).boot()

    const first = await app.request('/desk', { headers: { 'x-slow': 'ada', 'x-badge': 'bob' } })
    const second = await app.request('/desk', { headers: { 'x-badge': 'bob' } })

    expect([await first.text(), await second.text()]).toEqual(['ada', 'bob'])
  })

  it('answers 401 with every challenge when there is no credential', async () => {
    await using app = await testApp(DeskModule).boot()

    const response = await app.request('/desk')

    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Slow realm="test", Badge')
    expect(await response.json()).toMatchObject({ code: 'AUTH_REQUIRED' })
  })

  it('counts only the schemes an endpoint names', async () => {
    await using app = await testApp(DeskModule).boot()

    const refused = await app.request('/desk/badge', { headers: { 'x-slow': 'ada' } })
    const answered = await app.request('/desk/badge', { headers: { 'x-badge': 'bob' } })

    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBe('Badge')
    expect(await answered.text()).toBe('bob')
  })

  it('tells those who watch of a credential that does not hold, and of nothing else', async () => {
    @Injectable()
    class BrokenScheme extends AuthenticationScheme {
      readonly name = 'broken'
      readonly document = { type: 'http', scheme: 'broken' }
      readonly challenge = undefined

      authenticate(context: CallContext): Promise<undefined> | undefined {
        const how = context.header('x-broken')
        if (how === 'now') throw new AuthenticationRequired('Broken')
        return how === undefined
          ? undefined
          : Promise.reject(how === 'later' ? new AuthenticationRequired('') : new Error('no'))
      }
    }
    @Module({ imports: [DeskModule], providers: [{ provide: AuthenticationScheme, useClass: BrokenScheme }] })
    class BrokenModule {}
    await using app = await testApp(BrokenModule).boot()
    const events: SecurityEvent[] = []
    const stop = securityEvents.subscribe((event) => {
      if (event.details?.['scheme'] === 'broken') events.push(event)
    })

    const statuses: number[] = []
    for (const how of ['now', 'later', 'otherwise']) {
      statuses.push((await app.request('/desk', { headers: { 'x-broken': how } })).status)
    }
    await app.request('/desk')
    stop()

    expect(statuses).toEqual([401, 401, 500])
    expect(events.map(({ type, outcome, reason }) => [type, outcome, reason])).toEqual([
      ['auth.refused', 'refused', 'AUTH_REQUIRED'],
      ['auth.refused', 'refused', 'AUTH_REQUIRED'],
    ])
  })

  it('leaves public endpoints and known callers alone', async () => {
    await using app = await testApp(DeskModule).boot()

    const lobby = await app.request('/desk/lobby', { headers: { 'x-badge': 'bob' } })
    const known = await app.as({ id: 'eve' }).request('/desk')

    expect([await lobby.text(), await known.text()]).toEqual(['nobody', 'eve'])
  })
})
