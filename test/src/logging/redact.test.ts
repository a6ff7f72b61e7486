import fc from 'fast-check'

import { Confidential, Phi, Pii, Secret } from 'tenon'
import { IsString, PickType } from 'tenon/validation'

import { Redactor } from '../../../src/logging/redact.ts'

const copy = (value: unknown, redactor = new Redactor()): unknown => JSON.parse(JSON.stringify(redactor.copy(value)))

describe('Redactor', () => {
  it.each([
    'password',
    'PASSWORD',
    'userPassword',
    'DB_PASSWORD',
    'passwd',
    'pwd',
    'passphrase',
    'secret',
    'clientSecret',
    'token',
    'accessToken',
    'refresh_token',
    'X-CSRF-Token',
    'tokens',
    'authorization',
    'Proxy-Authorization',
    'cookie',
    'set-cookie',
    'apiKey',
    'x-api-key',
    'API_KEY',
    'privateKey',
    'accessKeyId',
    'credentials',
    'sessionId',
    'sid',
    'jwt',
    'otp',
    'pin',
    'cvv',
  ])('masks what stands under %s, at any depth', (name) => {
    expect(copy({ [name]: 'c4nary', a: [{ [name]: { deep: 'c4nary' } }], m: new Map([[name, 'c4nary']]) })).toEqual({
      [name]: '[redacted]',
      a: [{ [name]: '[redacted]' }],
      m: { [name]: '[redacted]' },
    })
  })

  it.each(['passenger', 'tokenizer', 'monkey', 'keyboard', 'pinned', 'author', 'sidebar', 'compass'])(
    'leaves %s alone',
    (name) => {
      expect(copy({ [name]: 'shown' })).toEqual({ [name]: 'shown' })
    },
  )

  it('shows of classified fields what they are, wherever an object of their class turns up', () => {
    class Person {
      @Pii() @IsString() email: string | null = 'c4nary'
      @Phi() blood = { group: 'c4nary' }
      @Secret() door = 1234
      @Confidential() salary = 5000
      room = 7
    }
    class Patient extends Person {
      ward = 'B'
    }
    class Told extends Person {
      toJSON(): object {
        return { ...this, told: true }
      }
    }
    const masked = { email: '[pii]', blood: '[phi]', door: '[secret]', salary: '[confidential]', room: 7 }

    expect(copy({ list: [new Person()], patient: new Patient(), told: new Told() })).toEqual({
      list: [masked],
      patient: { ...masked, ward: 'B' },
      told: { ...masked, told: true },
    })
    expect(copy(Object.assign(new (PickType(Person, ['email']))(), { email: 'c4nary' }))).toEqual({ email: '[pii]' })
    expect(copy(Object.assign(new Person(), { email: null }))).toMatchObject({ email: null })
  })

  it('shows that a secret is there, or how many tokens were used', () => {
    expect(copy({ password: true, token: null, inputTokens: 12, pin: 1234 })).toEqual({
      password: true,
      token: null,
      inputTokens: 12,
      pin: '[redacted]',
    })
  })

  it.each([
    ['postgres://app:hunter2@db:5432/x', 'postgres://app:[redacted]@db:5432/x'],
    ['redis://:p@ss@cache', 'redis://:[redacted]@cache'],
    ['https://a.b/c:d@e', 'https://a.b/c:d@e'],
    ['Authorization: Bearer abc.def123', 'Authorization: Bearer [redacted]'],
    ['basic dXNlcjpwYXNz1Q==', 'basic [redacted]'],
    ['Basic information about bearer bonds', 'Basic information about bearer bonds'],
    ['property eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl was sent', 'property [redacted] was sent'],
    [`key tnn_live_${'aB3'.repeat(14)}x_0Ab9Zz is known`, 'key tnn_live_[redacted] is known'],
    [`tnr_${'aB3'.repeat(14)}x_0Ab9Zz`, 'tnr_[redacted]'],
    [`ghp_${'aB3'.repeat(12)}`, 'ghp_[redacted]'],
    ['eyJust.a.word and snake_case_names_of_columns', 'eyJust.a.word and snake_case_names_of_columns'],
    ['GET /x?page=2&access_token=abc&q=a', 'GET /x?page=2&access_token=[redacted]&q=a'],
    ['a=b', 'a=b'],
  ])('reads %j as %j', (text, masked) => {
    expect(new Redactor().text(text)).toBe(masked)
  })

  it('masks registered values wherever they stand, also encoded', () => {
    const redactor = new Redactor()
    redactor.register('s3cr"t &/$^[x]')
    redactor.register('12345678')
    redactor.register('abc')

    const error = new Error('login with s3cr"t &/$^[x] failed', { cause: 's3cr"t &/$^[x]' })

    expect(
      redactor.text(`as JSON ${JSON.stringify('s3cr"t &/$^[x]')}, in a URL ${encodeURIComponent('s3cr"t &/$^[x]')}`),
    ).toBe('as JSON "[redacted]", in a URL [redacted]')
    expect(copy({ 's3cr"t &/$^[x]': 12345678, big: 12345678n, short: 'abc' }, redactor)).toEqual({
      '[redacted]': '[redacted]',
      big: '[redacted]',
      short: 'abc',
    })
    expect(copy(error, redactor)).toMatchObject({ message: 'login with [redacted] failed', cause: '[redacted]' })
    expect(JSON.stringify(copy(error, redactor))).not.toContain('s3cr')
  })

  it('masks the longer of two secrets that begin alike', () => {
    const redactor = new Redactor()
    redactor.register('secret')
    redactor.register('secret-and-more')

    expect(redactor.text('secret-and-more secret')).toBe('[redacted] [redacted]')
  })

  it('takes errors apart: name, code, message, stack, own fields, causes and collected errors', () => {
    class PaymentError extends Error {
      override readonly name = 'PaymentError'
      readonly code = 'PAYMENT_REFUSED'
      readonly card = { cardNumber: '4111', last4: '1111' }
      toJSON(): object {
        return { everything: 'c4nary' }
      }
    }
    const error = new PaymentError('refused', { cause: new AggregateError([new Error('one'), 'two'], 'both') })

    expect(copy(error)).toEqual({
      name: 'PaymentError',
      code: 'PAYMENT_REFUSED',
      message: 'refused',
      card: { cardNumber: '[redacted]', last4: '1111' },
      stack: expect.stringContaining('redact.test'),
      cause: {
        name: 'AggregateError',
        message: 'both',
        stack: expect.any(String),
        errors: [expect.objectContaining({ message: 'one' }), 'two'],
      },
    })
  })

  it('copies everything else as data that JSON can hold', () => {
    const circular: Record<string, unknown> = { name: 'a' }
    circular['self'] = circular
    const shared = { x: 1 }
    const revoked = Proxy.revocable({}, {})
    revoked.revoke()

    expect(
      copy({
        date: new Date('2026-01-31'),
        noDate: new Date(NaN),
        url: new URL('https://u:c4nary@a.b/'),
        infinite: Infinity,
        big: 10n,
        symbol: Symbol('s'),
        nothing: undefined,
        fn: function named() {},
        anonymous: (() => () => {})(),
        bytes: Buffer.from('c4nary'),
        buffer: new ArrayBuffer(3),
        set: new Set([1, 2]),
        map: new Map<unknown, unknown>([
          [{ id: 1 }, 'object'],
          [1, 'number'],
        ]),
        headers: new Headers({ cookie: 'c4nary', accept: 'x' }),
        query: new URLSearchParams('token=c4nary&page=1'),
        boxed: Object('text'),
        pattern: /a+/g,
        promise: Promise.resolve('c4nary'),
        circular,
        shared: [shared, shared],
        revoked: revoked.proxy,
        throwing: {
          get bad(): string {
            throw new Error('c4nary')
          },
          good: 1,
        },
        throwingJson: {
          toJSON: () => {
            throw new Error('c4nary')
          },
        },
        itself: Object.assign(
          Object.create({
            toJSON(): unknown {
              return this
            },
          }) as object,
          { a: 1 },
        ),
      }),
    ).toEqual({
      date: '2026-01-31T00:00:00.000Z',
      noDate: null,
      url: 'https://u:[redacted]@a.b/',
      infinite: 'Infinity',
      big: '10',
      symbol: 'Symbol(s)',
      fn: '[function named]',
      anonymous: '[function without a name]',
      bytes: '[6 bytes]',
      buffer: '[3 bytes]',
      set: [1, 2],
      map: { '{"id":1}': 'object', '1': 'number' },
      headers: { cookie: '[redacted]', accept: 'x' },
      query: { token: '[redacted]', page: '1' },
      boxed: 'text',
      pattern: '/a+/g',
      promise: '[promise]',
      circular: { name: 'a', self: '[circular]' },
      shared: [{ x: 1 }, { x: 1 }],
      revoked: '[unreadable]',
      throwing: { bad: '[unreadable]', good: 1 },
      throwingJson: '[unreadable]',
      itself: { a: 1 },
    })
  })

  it('stays small whatever it is handed', () => {
    const endless = (): object => ({
      get next(): object {
        return endless()
      },
    })
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, { index }]))
    const counting = (function* () {
      for (let index = 0; ; index++) yield [`k${index}`, index]
    })()
    const endlessSet = Object.assign(new Set(), { [Symbol.iterator]: () => counting })

    expect(JSON.stringify(new Redactor().copy(endless()))).toContain('[too deep]')
    for (const each of [wide, Object.values(wide), endlessSet, new Map(Object.entries(wide))]) {
      const text = JSON.stringify(new Redactor().copy(each))
      expect(text).toContain('[too much]')
      expect(text.length).toBeLessThan(100_000)
    }
    expect(new Redactor().text('x'.repeat(1_000_000)).length).toBeLessThan(40_000)
  })

  it.each(['a.', 'a://', 'a:', '?=', '?a', 'basic ', 'bearer a', 'eyJ-', 'ab_', 'ab_ab_abcdefg'])(
    'comes to an end with %j a hundred thousand times',
    (part) => {
      const text = part.repeat(100_000)

      expect(new Redactor().text(text)).toBe(`${text.slice(0, 32_768)}...`)
    },
  )

  it('does not change what it copies, and cannot be used to change prototypes', () => {
    const original = { password: 'x', nested: { token: 'y' } }

    new Redactor().copy(original)
    const copied = new Redactor().copy(JSON.parse('{"__proto__":{"polluted":1}}')) as Record<string, unknown>

    expect(original).toEqual({ password: 'x', nested: { token: 'y' } })
    expect(copied['polluted']).toBeUndefined()
    expect(JSON.stringify(copied)).toBe('{"__proto__":{"polluted":1}}')
  })

  it('lets no registered secret through, in whatever it is hidden, and never throws', () => {
    const secrets = fc.oneof(
      fc.string({ minLength: 6, maxLength: 20 }).map((text) => `c4${text}`),
      fc.string({ minLength: 6, maxLength: 20, unit: 'binary' }).map((text) => `c4${text}`),
    )
    const property = fc.property(
      secrets,
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withSet: true,
        withTypedArray: true,
        withNullPrototype: true,
        withObjectString: true,
        withBoxedValues: true,
        withSparseArray: true,
      }),
      fc.infiniteStream(fc.nat(13)),
      (secret, noise, choices) => {
        const redactor = new Redactor()
        redactor.register(secret)
        let hidden: unknown = secret
        for (let depth = 0; depth < 4; depth++) hidden = hide(hidden, secret, choices.next().value, noise)

        const text = JSON.stringify(redactor.copy(hidden))

        expect(text).not.toContain(JSON.stringify(secret).slice(1, -1))
        expect(JSON.stringify(redactor.fields({ hidden }))).not.toContain(JSON.stringify(secret).slice(1, -1))
      },
    )
    fc.assert(property, { numRuns: 500 })
  })
})

/** One more layer of something exotic around a value. */
function hide(value: unknown, secret: string, choice: number, noise: unknown): unknown {
  switch (choice) {
    case 0:
      return { [secret]: value, noise }
    case 1:
      return [noise, value, secret]
    case 2:
      return new Map([
        [value, secret],
        [secret, value],
      ])
    case 3:
      return new Set([value, noise, secret])
    case 4:
      return Object.assign(new Error(`before ${secret} after`, { cause: value }), { detail: value, name: secret })
    case 5:
      return { toJSON: () => value }
    case 6:
      return {
        get got(): unknown {
          return value
        },
        get bad(): unknown {
          throw new Error(secret)
        },
      }
    case 7:
      return new Proxy({ value }, {})
    case 8:
      return new Proxy(
        { value },
        {
          ownKeys: () => {
            throw new Error(secret)
          },
        },
      )
    case 9:
      return Object.defineProperty(() => value, 'name', { value: secret })
    case 10:
      return Symbol(secret)
    case 11:
      return [Object(secret), new Headers({ 'x-a': encodeURIComponent(secret.toWellFormed()) })]
    case 12:
      return new AggregateError([value, secret], secret)
    default:
      return Object.assign(
        Object.create({
          toJSON() {
            return { value, secret }
          },
        }),
        { secret },
      )
  }
}
