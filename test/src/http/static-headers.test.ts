import { Controller, Ctx, Get, Interceptor, Module, Res, SetHeader, Use } from '../../../decorators/index.ts'
import type { Response } from '../../../src/http/express-types.ts'
import type { HttpContext } from '../../../src/http/http-context.ts'
import type { Contribution, EndpointInterceptor } from '../../../src/pipeline/interceptor.ts'
import { testApp } from '../../../src/testing/index.ts'

@Interceptor({ phase: 'protect' })
class Secured implements EndpointInterceptor {
  forEndpoint(): Contribution {
    return { headers: { 'X-Frame-Options': 'DENY', 'Cache-Control': 'no-store', Vary: 'outer' } }
  }
}

@Interceptor()
class Inner implements EndpointInterceptor {
  forEndpoint(): Contribution {
    return {
      headers: { vary: 'inner' },
      around: (_context, next) => next(),
    }
  }
}

@Interceptor()
class Tagged implements EndpointInterceptor {
  forEndpoint(): Contribution {
    return { headers: { etag: '"fixed"' } }
  }
}

@Use(Inner)
@Controller('/')
class Samples {
  @Get('/plain')
  plain(): object {
    return { a: 1 }
  }

  @SetHeader('x-frame-options', 'SAMEORIGIN')
  @Get('/declared')
  declared(): string {
    return 'declared'
  }

  @Get('/set')
  set(@Res() response: Response): void {
    response.setHeader('x-frame-options', 'set')
    response.json({ a: 1 })
  }

  @Get('/head')
  head(@Res() response: Response): void {
    response.writeHead(200, { 'X-FRAME-OPTIONS': 'written', 'set-cookie': ['a=1', 'b=2'] })
    response.end('ok')
  }

  @Get('/pairs')
  pairs(@Res() response: Response): void {
    response.writeHead(200, 'Fine', [['Cache-Control', 'public']] as never)
    response.end('ok')
  }

  @SetHeader('vary', 'Accept-Language')
  @Get('/vary-declared')
  varyDeclared(): object {
    return { a: 1 }
  }

  @Get('/vary-set')
  varySet(@Res() response: Response): void {
    response.vary('Accept').vary('outer').json({ a: 1 })
  }

  @Get('/vary-written')
  varyWritten(@Res() response: Response): void {
    response.writeHead(200, { vary: 'Accept' })
    response.end('ok')
  }

  @Get('/vary-of-all')
  varyOfAll(@Res() response: Response): void {
    response.setHeader('vary', '*')
    response.json({ a: 1 })
  }

  @Get('/returned')
  returned(@Ctx() { response }: HttpContext): object {
    response.setHeader('X-Frame-Options', 'set').vary('Accept')
    return { a: 1 }
  }

  @Use(Tagged)
  @Get('/tagged')
  tagged(): object {
    return { a: 1 }
  }

  @Get('/fail')
  fail(): never {
    throw new Error('x')
  }
}

@Module({ controllers: [Samples], interceptors: [Secured] })
class App {}

describe('headers that interceptors contribute', () => {
  it.each([
    ['/plain', { 'x-frame-options': 'DENY', 'cache-control': 'no-store', vary: 'outer, inner' }],
    ['/declared', { 'x-frame-options': 'SAMEORIGIN', 'cache-control': 'no-store' }],
    ['/set', { 'x-frame-options': 'set', 'cache-control': 'no-store' }],
    ['/head', { 'x-frame-options': 'written', 'cache-control': 'no-store', 'set-cookie': 'b=2' }],
    ['/pairs', { 'x-frame-options': 'DENY', 'cache-control': 'public' }],
    ['/vary-declared', { vary: 'Accept-Language, outer, inner' }],
    ['/vary-set', { vary: 'Accept, outer, inner' }],
    ['/vary-written', { vary: 'Accept, outer, inner' }],
    ['/vary-of-all', { vary: '*' }],
    ['/returned', { 'x-frame-options': 'set', 'cache-control': 'no-store', vary: 'Accept, outer, inner' }],
    ['/tagged', { 'x-frame-options': 'DENY', etag: expect.stringMatching(/^W\/"7-[^,]+"$/) }],
    ['/fail', { 'x-frame-options': 'DENY', 'cache-control': 'no-store' }],
    ['/nothing', { 'x-frame-options': 'DENY', 'cache-control': 'no-store', vary: 'outer' }],
  ])('stand on the answer of %s, once each, unless it says otherwise', async (path, expected) => {
    for (const mode of ['on', 'off']) {
      await using app = await testApp(App).env({ TENON_CODEGEN: mode, HTTP_ETAG: 'true' }).boot()

      const { headers } = await app.request(path)

      expect(Object.fromEntries(headers)).toMatchObject({ ...expected, 'x-request-id': expect.any(String) })
    }
  })

  it('refuses what belongs to one answer alone', async () => {
    @Interceptor()
    class Wrong implements EndpointInterceptor {
      forEndpoint(): Contribution {
        return { headers: { 'Content-Type': 'text/html' } }
      }
    }
    @Module({ controllers: [Samples], interceptors: [Wrong] })
    class WrongApp {}

    await using app = await testApp(WrongApp).boot()

    await expect(app.url()).rejects.toMatchObject({ code: 'RESPONSE_HEADER_INVALID' })
  })
})
