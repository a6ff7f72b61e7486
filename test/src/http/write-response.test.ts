import { hash } from 'node:crypto'

import { Expose } from 'class-transformer'

import { Ctx, Get, HttpCode, Post, Redirect, Res, Returns, SetHeader } from '../../../decorators/index.ts'
import type { HttpContext } from '../../../src/http/http-context.ts'
import { redirect } from '../../../src/http/redirect-response.ts'
import { compileResponder } from '../../../src/http/write-response.ts'
import { endpointsOf, httpConfig, serve } from './serve-controller.ts'

class Ticket {
  @Expose()
  id!: number

  @Expose()
  title!: string
}

const ticket = { id: 1, title: 'Printer', secret: 'x' }
const circular: Record<string, unknown> = {}
circular['self'] = circular

class Answers {
  @Get('/object') object() {
    return { a: 'ü' }
  }
  @Get('/null') null() {
    return null
  }
  @Get('/number') number() {
    return 7
  }
  @Get('/list') list(): unknown[] {
    return [1]
  }
  @Get('/undefined') undefined() {}
  @Get('/text') text() {
    return '<b>hi</b>'
  }
  @Get('/bytes') bytes() {
    return Buffer.from([1, 2])
  }
  @Get('/array') array() {
    return new Uint8Array([1, 2, 3])
  }
  @Get('/bigint') bigint() {
    return { n: 1n }
  }
  @Get('/circular') circular() {
    return circular
  }
  @Get('/function') function() {
    return () => 1
  }

  @Post('/created') created() {
    return {}
  }
  @Post('/done') done() {}
  @Post('/accepted') @HttpCode(202) accepted() {
    return {}
  }
  @Post('/option', { status: 206 }) option() {
    return {}
  }
  @Get('/empty') @HttpCode(200) empty() {}
  @Get('/no-content') @HttpCode(204) noContent() {
    return { a: 1 }
  }

  @Get('/teapot') teapot(@Ctx() context: HttpContext) {
    context.response.statusCode = 418
    return {}
  }

  @Get('/html') html(@Ctx() context: HttpContext) {
    context.response.setHeader('content-type', 'text/html; charset=utf-8')
    return '<b>hi</b>'
  }

  @Get('/csv') @SetHeader('Content-Type', 'text/csv') @SetHeader('X-Kind', 'table') csv() {
    return 'a,b'
  }

  @Get('/tagged') tagged(@Ctx() context: HttpContext) {
    context.response.setHeader('ETag', '"v1"')
    context.response.setHeader('Last-Modified', 'Wed, 01 Jul 2026 00:00:00 GMT')
    return { a: 1 }
  }

  @Get('/static-tag') @SetHeader('ETag', '"s1"') staticTag() {
    return { a: 1 }
  }

  @Get('/shaped') @Returns(Ticket) shaped() {
    return ticket
  }
  @Get('/shaped-list') @Returns(Ticket, { array: true }) shapedList() {
    return [ticket]
  }
  @Get('/shaped-null') @Returns(Ticket) shapedNull() {
    return null
  }
  @Get('/shaped-redirect') @Returns(Ticket) shapedRedirect() {
    return redirect('/x')
  }

  @Get('/moved') @Redirect('/new', 301) moved() {}
  @Get('/moved-elsewhere') @Redirect('/new') movedElsewhere() {
    return { url: '/other', status: 307 }
  }
  @Get('/moved-oddly') @Redirect('/new') movedOddly() {
    return { url: '/other', status: 200 }
  }
  @Get('/redirect') redirect() {
    return redirect('/grüße an?q=a%20b&x="y"', 303)
  }
  @Get('/injected') injected() {
    return redirect('/x\r\nSet-Cookie: admin=1')
  }
  @Get('/injected-nul') injectedNul() {
    return redirect('/x\0')
  }

  @Get('/native') native(@Res() response: HttpContext['response']) {
    setTimeout(() => response.end('native'), 5)
  }

  @Get('/native-self') nativeSelf(@Res() response: HttpContext['response']) {
    return response.end('self')
  }

  @Get('/native-value') nativeValue(@Res() response: HttpContext['response']) {
    response.statusCode = 203
    return { managed: true }
  }
}

class Wrong {
  @Get('/1') @HttpCode(99) status() {}
  @Get('/2') @Redirect('/x', 200) notRedirect() {}
  @Get('/3') @Redirect('/x\n') badTarget() {}
  @Get('/4') @SetHeader('X-A', 'a\r\nb') badValue() {}
  @Get('/5') @SetHeader('X A', 'a') badName() {}
}

/** `fetch` asks for a reload with every condition, unless told what to say of caches. */
const unlessReload = { 'cache-control': 'max-age=0' }

const answerOf = async (path: string, init?: RequestInit, options?: Parameters<typeof serve>[1]) => {
  await using server = await serve(Answers, options)
  const response = await server.fetch(path, init)
  return { status: response.status, headers: response.headers, body: await response.text() }
}

describe('compileResponder', () => {
  it.each([
    ['/object', 200, 'application/json; charset=utf-8', '{"a":"ü"}'],
    ['/null', 200, 'application/json; charset=utf-8', 'null'],
    ['/number', 200, 'application/json; charset=utf-8', '7'],
    ['/text', 200, 'text/plain; charset=utf-8', '<b>hi</b>'],
    ['/bytes', 200, 'application/octet-stream', '\x01\x02'],
    ['/array', 200, 'application/octet-stream', '\x01\x02\x03'],
    ['/html', 200, 'text/html; charset=utf-8', '<b>hi</b>'],
    ['/csv', 200, 'text/csv', 'a,b'],
    ['/undefined', 204, null, ''],
    ['/empty', 200, null, ''],
    ['/no-content', 204, null, ''],
    ['/teapot', 418, 'application/json; charset=utf-8', '{}'],
  ])('answers %s with %i and %s', async (path, status, type, body) => {
    const answer = await answerOf(path)

    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.body).toBe(body)
    expect(answer.headers.get('content-length')).toBe(status === 204 ? null : String(Buffer.byteLength(body)))
    expect(answer.headers.has('transfer-encoding')).toBe(false)
  })

  it.each([
    ['/created', 201],
    ['/done', 204],
    ['/accepted', 202],
    ['/option', 206],
  ])('answers POST %s with %i', async (path, status) => {
    expect((await answerOf(path, { method: 'POST' })).status).toBe(status)
  })

  it.each(['/object', '/csv', '/bytes'])('answers HEAD %s with the headers of GET and no body', async (path) => {
    const get = await answerOf(path)
    const head = await answerOf(path, { method: 'HEAD' })

    expect(head.body).toBe('')
    for (const name of ['content-type', 'content-length', 'x-kind']) {
      expect(head.headers.get(name)).toBe(get.headers.get(name))
    }
  })

  it('keeps headers that were set before and adds those of @SetHeader', async () => {
    const { headers } = await answerOf(
      '/csv',
      {},
      {
        before: ({ response }) => {
          response.setHeader('X-Before', '1')
          response.setHeader('Set-Cookie', ['a=1', 'b=2'])
          response.setHeader('X-Kind', 'general')
        },
      },
    )

    expect(headers.get('x-before')).toBe('1')
    expect(headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(headers.get('x-kind')).toBe('table')
    expect(headers.get('content-type')).toBe('text/csv')
  })

  it.each([
    ['/bigint', 'BigInt'],
    ['/circular', 'circular'],
    ['/function', 'function'],
  ])('says that what %s returns cannot be written', async (path, reason) => {
    const answer = await answerOf(path)

    expect(answer.status).toBe(500)
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'RESPONSE_RESULT_UNSERIALIZABLE' })
    expect(answer.body).toContain(reason)
    expect(answer.body).toContain('Answers.')
  })

  it('has no ETag unless asked for', async () => {
    expect((await answerOf('/object')).headers.get('etag')).toBeNull()
  })

  it('makes ETags as Express does, where asked for, and answers 304 to who has it', async () => {
    const config = { etag: true }
    const body = '{"a":"ü"}'
    const etag = `W/"a-${hash('sha1', body, 'base64').slice(0, 27)}"`

    expect((await answerOf('/object', {}, { config })).headers.get('etag')).toBe(etag)
    expect((await answerOf('/object', { method: 'HEAD' }, { config })).headers.get('etag')).toBe(etag)
    expect((await answerOf('/bytes', {}, { config })).headers.get('etag')).toBeNull()
    const fresh = await answerOf(
      '/object',
      { headers: { ...unlessReload, 'if-none-match': `"x", ${etag}` } },
      { config },
    )
    expect(fresh).toMatchObject({ status: 304, body: '' })
    expect(fresh.headers.get('etag')).toBe(etag)
    expect(fresh.headers.get('content-type')).toBeNull()
    expect(
      (await answerOf('/object', { headers: { ...unlessReload, 'if-none-match': '"x"' } }, { config })).status,
    ).toBe(200)
    expect(
      (await answerOf('/created', { method: 'POST', headers: { ...unlessReload, 'if-none-match': '*' } }, { config }))
        .status,
    ).toBe(201)
  })

  it.each([
    ['/tagged', { 'if-none-match': '"v1"' }, 304],
    ['/tagged', { 'if-none-match': 'W/"v1"' }, 304],
    ['/tagged', { 'if-none-match': '*' }, 304],
    ['/tagged', { 'if-none-match': '"v2"' }, 200],
    ['/tagged', { 'if-none-match': '"v2"', 'if-modified-since': 'Wed, 01 Jul 2026 00:00:00 GMT' }, 200],
    ['/tagged', { 'if-modified-since': 'Wed, 01 Jul 2026 00:00:00 GMT' }, 304],
    ['/tagged', { 'if-modified-since': 'Tue, 30 Jun 2026 00:00:00 GMT' }, 200],
    ['/tagged', { 'if-modified-since': 'nonsense' }, 200],
    ['/tagged', { 'if-none-match': '"v1"', 'cache-control': 'no-cache' }, 200],
    ['/static-tag', { 'if-none-match': '"s1"' }, 304],
    ['/object', { 'if-none-match': '"v1"' }, 200],
    ['/object', { 'if-none-match': '*' }, 200],
    ['/tagged', {}, 200],
  ])('answers %s conditioned on %j with %i, also when ETags are off', async (path, headers, status) => {
    const answer = await answerOf(path, { headers: { ...unlessReload, ...headers } })

    expect(answer.status).toBe(status)
  })

  it('reduces results to the declared model', async () => {
    expect(JSON.parse((await answerOf('/shaped')).body)).toEqual({ id: 1, title: 'Printer' })
    expect(JSON.parse((await answerOf('/shaped-list')).body)).toEqual([{ id: 1, title: 'Printer' }])
    expect((await answerOf('/shaped-null')).body).toBe('null')
    expect((await answerOf('/shaped-redirect')).status).toBe(302)
  })

  it.each([
    ['/moved', 301, '/new'],
    ['/moved-elsewhere', 307, '/other'],
    ['/redirect', 303, '/gr%C3%BC%C3%9Fe%20an?q=a%20b&x=%22y%22'],
  ])('redirects %s with %i to %s', async (path, status, location) => {
    const answer = await answerOf(path)

    expect(answer.status).toBe(status)
    expect(answer.headers.get('location')).toBe(location)
    expect(answer.headers.get('content-length')).toBe('0')
  })

  it.each(['/injected', '/injected-nul'])('refuses control characters in the target of %s', async (path) => {
    const answer = await answerOf(path)

    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'RESPONSE_REDIRECT_INVALID' })
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(answer.headers.get('location')).toBeNull()
  })

  it('refuses a redirect whose status is none', async () => {
    expect(JSON.parse((await answerOf('/moved-oddly')).body)).toMatchObject({
      status: 500,
      code: 'RESPONSE_STATUS_INVALID',
    })
  })

  it('leaves the answer to handlers that took the response, unless they return something', async () => {
    expect((await answerOf('/native')).body).toBe('native')
    expect((await answerOf('/native-self')).body).toBe('self')
    expect(await answerOf('/native-value')).toMatchObject({ status: 203, body: '{"managed":true}' })
  })

  it.each([
    ['RESPONSE_STATUS_INVALID', 'status'],
    ['RESPONSE_STATUS_INVALID', 'notRedirect'],
    ['RESPONSE_REDIRECT_INVALID', 'badTarget'],
    ['RESPONSE_HEADER_INVALID', 'badValue'],
    ['RESPONSE_HEADER_INVALID', 'badName'],
  ])('refuses at boot with %s what %s could never answer', async (code, method) => {
    const endpoint = endpointsOf(Wrong).find((each) => each.method === method)

    await expect(compileResponder(endpoint!, { config: httpConfig() })).rejects.toMatchObject({ code })
  })
})

describe('compileNegotiator', () => {
  it.each([
    ['/csv', 'application/json', 406],
    ['/csv', 'text/*', 200],
    ['/csv', 'text/csv;q=0', 406],
    ['/csv', 'text/html, */*;q=0.1', 200],
    ['/shaped', 'application/xml', 406],
    ['/shaped', 'application/json', 200],
    ['/shaped', 'application/json; charset=utf-8', 200],
    ['/shaped', 'application/json;v=2;q=0.8, text/html', 200],
    ['/shaped', 'application/json;v="2";q=0', 406],
    ['/shaped', 'text/html;charset=utf-8', 406],
    ['/list', 'text/html', 406],
    ['/object', 'text/html', 200],
  ])('answers %s to Accept: %s with %i', async (path, accept, status) => {
    const answer = await answerOf(path, { headers: { accept } })

    expect(answer.status).toBe(status)
    expect(answer.body.includes('RESPONSE_NOT_ACCEPTABLE')).toBe(status === 406)
  })

  it('refuses before the handler runs', async () => {
    let calls = 0
    class Counted {
      @Post('/')
      @SetHeader('Content-Type', 'text/csv')
      count() {
        calls += 1
        return 'x'
      }
    }
    await using server = await serve(Counted)

    expect((await server.fetch('/', { method: 'POST', headers: { accept: 'image/png' } })).status).toBe(406)
    expect(calls).toBe(0)
    expect((await server.fetch('/', { method: 'POST' })).status).toBe(201)
    expect(calls).toBe(1)
  })
})
