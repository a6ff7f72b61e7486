import { IsEmail, IsInt, IsString, Min } from 'class-validator'
import { z } from 'zod'

import {
  Body,
  Controller,
  Cookie,
  createParamDecorator,
  Ctx,
  CurrentTenant,
  CurrentUser,
  Get,
  Header,
  HostParam,
  Ip,
  Param,
  Post,
  Query,
  RawBody,
  Req,
  Res,
  Session,
  UploadedFile,
  Validate,
} from '../../../decorators/index.ts'
import { compileBinder } from '../../../src/http/bind-arguments.ts'
import type { HttpContext } from '../../../src/http/http-context.ts'
import type { Upload } from '../../../src/http/upload.ts'
import { endpointsOf, httpConfig, serve } from './serve-controller.ts'

class Page {
  @IsInt()
  @Min(1)
  number!: number
}

class SignUp {
  @IsEmail()
  email!: string

  @IsString({ groups: ['named'] })
  name!: string
}

class OrgHeader {
  @IsString()
  'x-org'!: string
}

const Locale = createParamDecorator(
  (fallback: string, context: HttpContext) => context.header('accept-language') ?? fallback,
)
const Slow = createParamDecorator(async (value: string) => value)

@Controller()
class Things {
  @Get('/things/:id')
  one(@Param('id') id: number, @Query('from') from: Date, @Query('all') all: boolean, @Query('tag') tags: string[]) {
    return { id, from, all, tags }
  }

  @Get('/defaults')
  defaults(
    @Query('size') size: number = 20,
    @Header('X-Count') count: bigint = 1n,
    @Cookie('theme') theme: string = 'dark',
  ) {
    return { size, count: String(count), theme }
  }

  @Get('/pages')
  pages(@Query() page: Page) {
    return { isPage: page instanceof Page, number: page.number }
  }

  @Get('/pages/:number')
  page(@Param() page: Page) {
    return { isPage: page instanceof Page, number: page.number }
  }

  @Get('/raw')
  raw(@Query() query: object, @Cookie() cookies: object, @Header() headers: object, @Query('q') q: unknown) {
    return { query, cookies, org: (headers as Record<string, string>)['x-org'], q }
  }

  @Get('/org')
  org(@Header() header: OrgHeader) {
    return { isHeader: header instanceof OrgHeader, org: header['x-org'], names: Object.keys(header) }
  }

  @Get('/surroundings')
  surroundings(
    @Ip() ip: string,
    @HostParam() host: string,
    @Session() session: object,
    @CurrentUser() user: object,
    @CurrentTenant() tenant: string,
    @Ctx() context: HttpContext,
    @Req() request: { url: string },
  ) {
    return { ip, host, session, user, tenant, id: context.id, url: request.url }
  }

  @Get('/custom')
  custom(@Locale('de') locale: string, @Slow('late') late: string) {
    return [locale, late]
  }

  @Get('/upper/:name')
  upper(
    @Param('name', { transform: (name: string, context: HttpContext) => `${name.toUpperCase()} ${context.id}` })
    name: string,
    @Query('n', { schema: z.coerce.number().int().optional(), transform: async (n: number) => n + 1 }) n: number,
  ) {
    return [name, n]
  }

  @Post('/sign-up')
  signUp(@Body() body: SignUp) {
    return { isSignUp: body instanceof SignUp, email: body.email, name: body.name }
  }

  @Post('/strip')
  @Validate({ mode: 'strip', groups: ['named'] })
  strip(@Body() body: SignUp) {
    return Object.entries(body)
  }

  @Post('/field')
  field(
    @Body('name') name: string,
    @Body('age') age: number,
    @Body('on') on: Date,
    @Body('list') list: string[],
    @Body('page') page: Page,
  ) {
    return { name, age, on, list, isPage: page instanceof Page }
  }

  @Post('/text')
  text(@Body() text: string) {
    return { text }
  }

  @Post('/bytes')
  bytes(@Body() bytes: Buffer) {
    return { hex: bytes.toString('hex') }
  }

  @Post('/signed')
  signed(@RawBody() raw: Buffer, @Body() body: Page) {
    return { raw: raw.toString(), number: body.number }
  }

  @Post('/schema')
  schema(@Body({ schema: z.strictObject({ n: z.number() }) }) body: { n: number }) {
    return body
  }

  @Get('/nothing')
  nothing() {
    return 'nothing'
  }

  @Get('/undecorated')
  undecorated(first: string, @Query('b') b: string) {
    return { first: first === undefined, b }
  }

  @Get('/failing')
  failing(@Failing() a: string, @Query('n') n: number) {
    return [a, n]
  }
}

function Failing(): ParameterDecorator {
  return createParamDecorator(async () => {
    throw new Error('too late for anybody')
  })()
}

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})

describe('compileBinder', () => {
  it('converts path and query by the declared types', async () => {
    await using server = await serve(Things)

    const response = await server.fetch('/things/7?from=2026-01-02&all=true&tag=a&tag=b')

    expect(await response.json()).toEqual({ id: 7, from: '2026-01-02T00:00:00.000Z', all: true, tags: ['a', 'b'] })
  })

  it('makes a list of a single value where a list is declared', async () => {
    await using server = await serve(Things)

    expect(await (await server.fetch('/things/1?tag=a')).json()).toMatchObject({ tags: ['a'] })
  })

  it.each([
    ['/things/seven', '#/path/id', 'isNumber', "path parameter id must be a number, got 'seven'"],
    ['/things/7?from=soon', '#/query/from', 'isDate', "query parameter from must be an ISO 8601 date, got 'soon'"],
    ['/things/7?all=yes', '#/query/all', 'isBoolean', "query parameter all must be true or false, got 'yes'"],
    ['/things/7?all=true&all=false', '#/query/all', 'isSingle', 'query parameter all must be given once, not 2 times'],
  ])('answers 400 that says why for %s', async (path, pointer, code, detail) => {
    await using server = await serve(Things)

    const response = await server.fetch(path)

    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      code: 'REQUEST_PARAMETER_INVALID',
      errors: [{ pointer, code, detail }],
    })
  })

  it('leaves scalars that are not there to the defaults of the handler', async () => {
    await using server = await serve(Things)

    expect(await (await server.fetch('/defaults')).json()).toEqual({ size: 20, count: '1', theme: 'dark' })
  })

  it('reads headers and cookies by name, whatever their case', async () => {
    await using server = await serve(Things)

    const response = await server.fetch('/defaults?size=5', {
      headers: { 'x-count': '99', cookie: 'a=b; theme=li%20ght' },
    })

    expect(await response.json()).toEqual({ size: 5, count: '99', theme: 'li ght' })
  })

  it('validates a query as a DTO, from text', async () => {
    await using server = await serve(Things)

    expect(await (await server.fetch('/pages?number=3')).json()).toEqual({ isPage: true, number: 3 })
    const refused = await server.fetch('/pages?number=0&more=1')
    expect(refused.status).toBe(400)
    const { code, errors } = (await refused.json()) as { code: string; errors: { pointer: string }[] }
    expect(code).toBe('VALIDATION_FAILED')
    expect(errors.map(({ pointer }) => pointer).toSorted()).toEqual(['#/query/more', '#/query/number'])
  })

  it('validates path parameters as a DTO, from text', async () => {
    await using server = await serve(Things)

    expect(await (await server.fetch('/pages/3')).json()).toEqual({ isPage: true, number: 3 })
    expect(await (await server.fetch('/pages/x')).json()).toMatchObject({ errors: [{ pointer: '#/path/number' }] })
  })

  it('hands over whole query, cookies and headers where no DTO is declared', async () => {
    await using server = await serve(Things)

    const response = await server.fetch('/raw?a=1&b=2&b=3&q=x+y%21', { headers: { cookie: 'c=1', 'x-org': 'acme' } })

    expect(await response.json()).toEqual({
      query: { a: '1', b: ['2', '3'], q: 'x y!' },
      cookies: { c: '1' },
      org: 'acme',
      q: 'x y!',
    })
  })

  it('takes from the headers what their DTO declares and leaves the others alone', async () => {
    await using server = await serve(Things)

    expect(await (await server.fetch('/org', { headers: { 'X-Org': 'acme' } })).json()).toEqual({
      isHeader: true,
      org: 'acme',
      names: ['x-org'],
    })
    expect((await server.fetch('/org')).status).toBe(400)
  })

  it('refuses names in a query that would change how objects behave', async () => {
    await using server = await serve(Things)

    const response = await server.fetch('/raw?__proto__=1')

    expect(await response.json()).toMatchObject({ status: 400, code: 'REQUEST_BODY_KEY_FORBIDDEN' })
  })

  it('hands over what surrounds the call', async () => {
    await using server = await serve(Things, {
      before: (context) => {
        Object.assign(context.request, { session: { cart: 1 } })
        Object.defineProperty(context.request, 'ip', { value: '192.0.2.7' })
        context.principal = { id: 'u1' }
        context.tenant = 'acme'
      },
    })

    const response = await server.fetch('/surroundings?x=1', { headers: { 'x-request-id': 'test-id' } })

    expect(await response.json()).toEqual({
      ip: '192.0.2.7',
      host: `127.0.0.1:${server.port}`,
      session: { cart: 1 },
      user: { id: 'u1' },
      tenant: 'acme',
      id: 'test-id',
      url: '/surroundings?x=1',
    })
  })

  it('asks parameter decorators of an application, and waits for them', async () => {
    await using server = await serve(Things)

    expect(await (await server.fetch('/custom', { headers: { 'accept-language': 'fr' } })).json()).toEqual([
      'fr',
      'late',
    ])
  })

  it('applies transform last, after conversion and schema, with the context', async () => {
    await using server = await serve(Things)

    expect(await (await server.fetch('/upper/ada?n=41', { headers: { 'x-request-id': 'test-id' } })).json()).toEqual([
      'ADA test-id',
      42,
    ])
    expect(await (await server.fetch('/upper/ada?n=x')).json()).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [{ pointer: '#/query/n' }],
    })
  })

  it('validates a JSON body as its DTO and refuses what is not declared', async () => {
    await using server = await serve(Things)

    const taken = await server.fetch('/sign-up', json({ email: 'a@b.example', name: 'A' }))
    expect(await taken.json()).toEqual({ isSignUp: true, email: 'a@b.example', name: 'A' })
    const refused = await server.fetch('/sign-up', json({ email: 'nobody', name: 'A', isAdmin: true }))
    const { errors } = (await refused.json()) as { errors: { pointer: string }[] }
    expect(errors.map(({ pointer }) => pointer).toSorted()).toEqual(['/email', '/isAdmin'])
  })

  it('follows @Validate in mode and groups', async () => {
    await using server = await serve(Things)

    const response = await server.fetch('/strip', json({ name: 'A', isAdmin: true }))

    expect(await response.json()).toEqual([['name', 'A']])
  })

  it('says that a body is missing', async () => {
    await using server = await serve(Things)

    const response = await server.fetch('/sign-up', { method: 'POST' })

    expect(await response.json()).toMatchObject({ status: 400, code: 'REQUEST_BODY_MISSING' })
  })

  it('binds fields of a JSON body with the types that JSON has', async () => {
    await using server = await serve(Things)

    const taken = await server.fetch(
      '/field',
      json({ name: 'A', age: 7, on: '2026-01-02', list: ['x'], page: { number: 1 } }),
    )
    expect(await taken.json()).toEqual({ name: 'A', age: 7, on: '2026-01-02T00:00:00.000Z', list: ['x'], isPage: true })
    for (const [body, pointer] of [
      [{ name: 7, page: { number: 1 } }, '/name'],
      [{ age: '7', page: { number: 1 } }, '/age'],
      [{ on: 'soon', page: { number: 1 } }, '/on'],
      [{ list: 'x', page: { number: 1 } }, '/list'],
      [{ page: { number: 0 } }, '/page/number'],
      [[], ''],
    ] as const) {
      const refused = await server.fetch('/field', json(body))
      expect(await refused.json()).toMatchObject({ status: 400, errors: [{ pointer }] })
    }
  })

  it('converts fields of a form, where everything is text', async () => {
    await using server = await serve(Things)

    const response = await server.fetch('/signed', { method: 'POST', body: new URLSearchParams({ number: '3' }) })

    expect(await response.json()).toEqual({ raw: 'number=3', number: 3 })
  })

  it('hands text and bytes over as they are', async () => {
    await using server = await serve(Things)

    const text = await server.fetch('/text', {
      method: 'POST',
      body: 'grüß',
      headers: { 'content-type': 'text/markdown' },
    })
    expect(await text.json()).toEqual({ text: 'grüß' })
    expect(await (await server.fetch('/text', json('x'))).json()).toEqual({ text: 'x' })
    const bytes = await server.fetch('/bytes', { method: 'POST', body: new Uint8Array([0xff, 0]) })
    expect(await bytes.json()).toEqual({ hex: 'ff00' })
  })

  it('hands the raw bytes over beside the parsed body', async () => {
    await using server = await serve(Things)

    const response = await server.fetch('/signed', { ...json({}), body: '{ "number": 3 }' })

    expect(await response.json()).toEqual({ raw: '{ "number": 3 }', number: 3 })
  })

  it('validates a body by a Standard Schema', async () => {
    await using server = await serve(Things)

    expect(await (await server.fetch('/schema', json({ n: 1 }))).json()).toEqual({ n: 1 })
    expect(await (await server.fetch('/schema', json({ n: '1' }))).json()).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [{ pointer: '/n' }],
    })
  })

  it('hands nothing to a parameter that nothing was said of', async () => {
    await using server = await serve(Things)

    expect(await (await server.fetch('/undecorated?b=1')).json()).toEqual({ first: true, b: '1' })
  })

  it('leaves no rejection behind when another argument is refused first', async () => {
    const unhandled: unknown[] = []
    const listener = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', listener)
    await using server = await serve(Things)

    const response = await server.fetch('/failing?n=x')
    process.off('unhandledRejection', listener)

    expect(await response.json()).toMatchObject({ code: 'REQUEST_PARAMETER_INVALID' })
    expect(unhandled).toEqual([])
  })

  it('compiles to nothing for a handler without parameters, and stays synchronous as long as all is', async () => {
    const endpoints = endpointsOf(Things)
    const binderOf = (method: string) =>
      compileBinder(
        endpoints.find((endpoint) => endpoint.method === method)!,
        { config: httpConfig() },
      )
    const binder = await binderOf('one')
    const context = { params: { id: '7' }, request: { url: '/things/7', headers: {} } } as unknown as HttpContext

    expect(await binderOf('nothing')).toBeUndefined()
    expect(binder!.bind(context)).toBeUndefined()
    expect(context.args).toEqual([7, undefined, undefined, undefined])
  })

  it('refuses two upload parameters at boot', async () => {
    class Twice {
      @Post('/')
      both(@UploadedFile('a', { maxBytes: 1 }) _a: Upload, @UploadedFile('b', { maxBytes: 1 }) _b: Upload) {}
    }
    const [endpoint] = endpointsOf(Twice)

    await expect(compileBinder(endpoint!, { config: httpConfig() })).rejects.toMatchObject({
      code: 'REQUEST_UPLOADS_SEVERAL',
    })
  })

  it('hands over the response itself', async () => {
    class Native {
      @Get('/')
      native(@Res() response: unknown, @Ctx() context: HttpContext) {
        return { isSame: response === context.response }
      }
    }
    await using server = await serve(Native)

    expect(await (await server.fetch('/')).json()).toEqual({ isSame: true })
  })
})
