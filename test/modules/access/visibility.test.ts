/** Documents show callers what they may call, by the decisions that hold for the calls themselves. */
import { Controller, Delete, Get, Module, Post, Public, Roles, Scopes } from 'tenon'
import { AccessModule } from 'tenon/access'
import { AccessTokens, Authenticated, TokensModule } from 'tenon/auth'
import { OpenApiModule, type OpenApiDocument } from 'tenon/openapi'
import { testApp, type TestApp } from 'tenon/testing'

@Controller('/shop')
class ShopController {
  @Get()
  @Public('Everybody may look.')
  look(): string {
    return 'wares'
  }

  @Get('/orders')
  @Authenticated()
  orders(): string {
    return 'orders'
  }

  @Post('/orders')
  @Scopes('orders:write')
  order(): string {
    return 'ordered'
  }

  @Delete('/orders')
  @Roles('keeper')
  clear(): string {
    return 'cleared'
  }
}

@Module({
  imports: [
    TokensModule,
    AccessModule.with({ roles: { keeper: {}, owner: { includes: ['keeper'] } } }),
    OpenApiModule.with({ personal: true }),
  ],
  controllers: [ShopController],
})
class ShopModule {}

async function shownTo(app: TestApp, headers: Record<string, string> = {}): Promise<readonly string[]> {
  const response = await app.request('/openapi.json', { headers })
  expect(response.status).toBe(200)
  const { paths } = (await response.json()) as OpenApiDocument
  const methods = Object.entries(paths).flatMap(([path, item]) => Object.keys(item).map((method) => [method, path]))
  return methods.filter(([, path]) => path?.startsWith('/shop')).map((each) => each.join(' '))
}

const bearer = async (app: TestApp, claims: object) => {
  const { accessToken } = await app.get(AccessTokens).issue({ id: 'ada', ...claims })
  return { authorization: `Bearer ${accessToken}` }
}

describe('A document that is made for its reader', () => {
  it('shows what the credential of the reader lets through, and strangers what is open', async () => {
    await using app = await testApp(ShopModule).boot()

    const open = ['get /shop']
    const known = [...open, 'get /shop/orders']
    expect(await shownTo(app)).toEqual(open)
    expect(await shownTo(app, await bearer(app, { scopes: ['x'] }))).toEqual(known)
    expect(await shownTo(app, await bearer(app, {}))).toEqual([...known, 'post /shop/orders'])
    expect(await shownTo(app, await bearer(app, { roles: ['owner'] }))).toEqual([
      ...known,
      'post /shop/orders',
      'delete /shop/orders',
    ])
  })

  it('takes somebody whose credential does not hold for a stranger', async () => {
    await using app = await testApp(ShopModule).boot()

    expect(await shownTo(app, { authorization: 'Bearer nonsense' })).toEqual(['get /shop'])
  })

  it('shows what can be called, and hides nothing that can', async () => {
    await using app = await testApp(ShopModule).boot()
    const calls = ['get /shop', 'get /shop/orders', 'post /shop/orders', 'delete /shop/orders']

    for (const claims of [{ scopes: [] }, { roles: ['keeper'] }, { roles: ['keeper'], scopes: ['orders:write'] }]) {
      const headers = await bearer(app, claims)
      const allowed: string[] = []
      for (const call of calls) {
        const [method = '', path = ''] = call.split(' ')
        if ((await app.request(path, { method: method.toUpperCase(), headers })).status < 400) allowed.push(call)
      }
      expect(allowed.length).toBeGreaterThan(1)
      expect((await shownTo(app, headers)).toSorted()).toEqual(allowed.toSorted())
    }
  })
})
