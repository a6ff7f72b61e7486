import { Controller, Get, Module, Post, Public, RequireMfa, Injectable, type Principal } from 'tenon'
import { AccountsModule, Authenticated, TokensModule } from 'tenon/auth'
import { MfaModule } from 'tenon/mfa'
import { testApp } from 'tenon/testing'

import { mfaApp, outcome } from './mfa-app.ts'

function appWith(controller: new () => object) {
  @Module({ imports: [AccountsModule, TokensModule, MfaModule], controllers: [controller] })
  class AppModule {}
  return testApp(AppModule).boot()
}

describe('@RequireMfa', () => {
  it('above what is @Public does not start', async () => {
    @Controller('/vault')
    class Open {
      @Get()
      @Public('for all')
      @RequireMfa()
      read(): string {
        return ''
      }
    }

    await expect(appWith(Open)).rejects.toMatchObject({
      diagnostics: expect.arrayContaining([expect.objectContaining({ code: 'MFA_OF_NOBODY', severity: 'error' })]),
    })
  })

  it('with an age that is none does not start', async () => {
    @Controller('/vault')
    class Soon {
      @Get()
      @Authenticated()
      @RequireMfa({ maxAge: 'soon' as '1s' })
      read(): string {
        return ''
      }
    }

    await expect(appWith(Soon)).rejects.toMatchObject({
      diagnostics: expect.arrayContaining([expect.objectContaining({ code: 'MFA_AGE_UNREADABLE', severity: 'error' })]),
    })
  })

  it('without the module that keeps it does not start, wherever it is written', async () => {
    @Injectable()
    @RequireMfa()
    class Payments {
      pay(): string {
        return 'paid'
      }
    }

    @Module({ providers: [Payments] })
    class AppModule {}

    await expect(testApp(AppModule).boot()).rejects.toMatchObject({
      diagnostics: expect.arrayContaining([expect.objectContaining({ code: 'PIPELINE_DECORATOR_UNENFORCED' })]),
    })
  })

  it('above a method of a service holds for whoever calls the endpoint that leads there', async () => {
    @Injectable()
    class Payments {
      @RequireMfa({ maxAge: '5m' })
      pay(): string {
        return 'paid'
      }
    }

    @Controller('/payments')
    class PaymentsController {
      constructor(private readonly payments: Payments) {}

      @Post()
      @Authenticated()
      pay(): string {
        return this.payments.pay()
      }
    }

    @Module({ controllers: [PaymentsController], providers: [Payments] })
    class PaymentsModule {}

    await using desk = await mfaApp({ root: [PaymentsModule] })
    const at = desk.clock.now().getTime()
    const call = (factors: NonNullable<Principal['authentication']>['factors']) =>
      desk.app
        .as({ id: 'ada', authentication: { scheme: 'session', factors } })
        .request('/payments', { method: 'POST' })

    expect(await outcome(await call([{ method: 'pwd', at }]))).toBe('401 MFA_STEP_UP_REQUIRED')
    expect((await call([{ method: 'hwk', at }])).status).toBe(201)
  })
})
