import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Interceptor,
  Module,
  Param,
  Post,
  Put,
  Query,
  RawBody,
  Returns,
  SetHeader,
  Throws,
  defineError,
  type Class,
  type Endpoint,
  type EndpointInterceptor,
  type InterceptorDescription,
} from 'tenon'
import { CHANGE_KINDS, ContractModule, type ChangeKind } from 'tenon/contract'
import { Doc } from 'tenon/openapi'
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  Expose,
  IsBoolean,
  IsDivisibleBy,
  IsEmail,
  IsIBAN,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'tenon/validation'
import { Deprecated, Version, VersioningModule } from 'tenon/versioning'

import { changesBetween, program, schema, type Shape } from './contracts.ts'

const seen = new Set<ChangeKind>()

const text = [IsString()]
const number = [IsNumber()]

/** What happens to a model, before and after; the same happens to what is sent and to what is answered. */
const MODELS: readonly (readonly [changes: readonly string[], before: Shape, after: Shape])[] = [
  [[], { a: text }, { a: text }],
  [['type-changed'], { a: text }, { a: [IsBoolean()] }],
  [['type-widened'], { a: [IsInt()] }, { a: number }],
  [['type-narrowed'], { a: number }, { a: [IsInt()] }],
  [['null-allowed'], { a: [schema({ type: 'string' })] }, { a: [schema({ type: ['string', 'null'] })] }],
  [['null-refused'], { a: [schema({ type: ['string', 'null'] })] }, { a: [schema({ type: 'string' })] }],
  [['value-added'], { a: [IsIn(['x', 'y'])] }, { a: [IsIn(['x', 'y', 'z'])] }],
  [['value-removed'], { a: [IsIn(['x', 'y'])] }, { a: [IsIn(['x'])] }],
  [['values-introduced'], { a: text }, { a: [IsIn(['x'])] }],
  [['values-dropped'], { a: [IsIn(['x'])] }, { a: text }],
  [['format-introduced'], { a: text }, { a: [IsEmail()] }],
  [['format-dropped'], { a: [IsEmail()] }, { a: text }],
  [['format-changed'], { a: [IsEmail()] }, { a: [IsUUID()] }],
  [['pattern-introduced'], { a: text }, { a: [Matches(/^a/)] }],
  [['pattern-dropped'], { a: [Matches(/^a/)] }, { a: text }],
  [['pattern-changed'], { a: [Matches(/^a/)] }, { a: [Matches(/^b/)] }],
  [['minLength-raised'], { a: [MinLength(1)] }, { a: [MinLength(2)] }],
  [['minLength-raised'], { a: text }, { a: [MinLength(2)] }],
  [['minLength-lowered'], { a: [MinLength(2)] }, { a: [MinLength(1)] }],
  [['maxLength-lowered'], { a: [MaxLength(9)] }, { a: [MaxLength(8)] }],
  [['maxLength-lowered'], { a: text }, { a: [MaxLength(8)] }],
  [['maxLength-raised'], { a: [MaxLength(8)] }, { a: [MaxLength(9)] }],
  [['maxLength-raised'], { a: [MaxLength(8)] }, { a: text }],
  [['minimum-raised'], { a: [Min(1)] }, { a: [Min(2)] }],
  [['minimum-raised'], { a: number }, { a: [Min(0)] }],
  [['minimum-lowered'], { a: [Min(2)] }, { a: [Min(1)] }],
  [['maximum-lowered'], { a: [Max(9)] }, { a: [Max(8)] }],
  [['maximum-raised'], { a: [Max(8)] }, { a: [Max(9)] }],
  [
    ['exclusiveMinimum-raised'],
    { a: [schema({ type: 'number', exclusiveMinimum: 0 })] },
    { a: [schema({ type: 'number', exclusiveMinimum: 1 })] },
  ],
  [
    ['exclusiveMinimum-lowered'],
    { a: [schema({ type: 'number', exclusiveMinimum: 1 })] },
    { a: [schema({ type: 'number', exclusiveMinimum: 0 })] },
  ],
  [
    ['exclusiveMaximum-lowered'],
    { a: [schema({ type: 'number', exclusiveMaximum: 2 })] },
    { a: [schema({ type: 'number', exclusiveMaximum: 1 })] },
  ],
  [
    ['exclusiveMaximum-raised'],
    { a: [schema({ type: 'number', exclusiveMaximum: 1 })] },
    { a: [schema({ type: 'number' })] },
  ],
  [['minItems-raised'], { a: [ArrayMinSize(1)] }, { a: [ArrayMinSize(2)] }],
  [['minItems-lowered'], { a: [ArrayMinSize(2)] }, { a: [ArrayMinSize(1)] }],
  [['maxItems-lowered'], { a: [ArrayMaxSize(9)] }, { a: [ArrayMaxSize(8)] }],
  [['maxItems-raised'], { a: [ArrayMaxSize(8)] }, { a: [ArrayMaxSize(9)] }],
  [
    ['minProperties-raised'],
    { a: [schema({ type: 'object' })] },
    { a: [schema({ type: 'object', minProperties: 1 })] },
  ],
  [
    ['minProperties-lowered'],
    { a: [schema({ type: 'object', minProperties: 1 })] },
    { a: [schema({ type: 'object' })] },
  ],
  [
    ['maxProperties-lowered'],
    { a: [schema({ type: 'object' })] },
    { a: [schema({ type: 'object', maxProperties: 5 })] },
  ],
  [
    ['maxProperties-raised'],
    { a: [schema({ type: 'object', maxProperties: 5 })] },
    { a: [schema({ type: 'object' })] },
  ],
  [['multipleOf-introduced'], { a: number }, { a: [IsDivisibleBy(5)] }],
  [['multipleOf-dropped'], { a: [IsDivisibleBy(5)] }, { a: number }],
  [['multipleOf-changed'], { a: [IsDivisibleBy(5)] }, { a: [IsDivisibleBy(7)] }],
  [['uniqueItems-introduced'], { a: [ArrayMinSize(1)] }, { a: [ArrayMinSize(1), ArrayUnique()] }],
  [['uniqueItems-dropped'], { a: [ArrayMinSize(1), ArrayUnique()] }, { a: [ArrayMinSize(1)] }],
  [['rule-added'], { a: text }, { a: [IsIBAN(), IsString()] }],
  [['rule-removed'], { a: [IsIBAN(), IsString()] }, { a: text }],
  [
    ['exclusion-changed'],
    { a: [schema({ type: 'string', not: { const: 'x' } })] },
    { a: [schema({ type: 'string', not: { const: 'y' } })] },
  ],
  [['property-added'], { a: text }, { a: text, b: [IsOptional(), Doc({ optional: true }), schema({})] }],
  [['required-property-added'], { a: text }, { a: text, b: text }],
  [['property-removed'], { a: text, b: text }, { a: text }],
  [
    ['property-became-required'],
    { a: [schema({ type: 'object', properties: { b: { type: 'string' } } })] },
    { a: [schema({ type: 'object', properties: { b: { type: 'string' } }, required: ['b'] })] },
  ],
  [
    ['property-became-optional'],
    { a: [schema({ type: 'object', properties: { b: { type: 'string' } }, required: ['b'] })] },
    { a: [schema({ type: 'object', properties: { b: { type: 'string' } } })] },
  ],
  [['null-refused', 'property-became-required'], { a: [IsOptional(), IsString()] }, { a: text }],
  [['null-allowed', 'property-became-optional'], { a: text }, { a: [IsOptional(), IsString()] }],
  [['default-added'], { a: [schema({ type: 'string' })] }, { a: [schema({ type: 'string', default: 'x' })] }],
  [
    ['default-changed'],
    { a: [schema({ type: 'string', default: 'x' })] },
    { a: [schema({ type: 'string', default: 'y' })] },
  ],
  [['default-dropped'], { a: [schema({ type: 'string', default: 'x' })] }, { a: [schema({ type: 'string' })] }],
  [
    ['strangers-refused'],
    { a: [schema({ type: 'object' })] },
    { a: [schema({ type: 'object', additionalProperties: false })] },
  ],
  [
    ['strangers-allowed'],
    { a: [schema({ type: 'object', additionalProperties: false })] },
    { a: [schema({ type: 'object' })] },
  ],
  [
    ['variant-added'],
    { a: [schema({ oneOf: [{ type: 'string' }, { type: 'number' }] })] },
    { a: [schema({ oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] })] },
  ],
  [
    ['variant-removed'],
    { a: [schema({ oneOf: [{ type: 'string' }, { type: 'number' }] })] },
    { a: [schema({ oneOf: [{ type: 'string' }] })] },
  ],
  [
    ['discriminator-changed'],
    { a: [schema({ oneOf: [{ type: 'object' }], discriminator: { propertyName: 'kind' } })] },
    { a: [schema({ oneOf: [{ type: 'object' }], discriminator: { propertyName: 'type' } })] },
  ],
  [
    ['encoding-changed'],
    { a: [schema({ type: 'string', contentEncoding: 'base64' })] },
    { a: [schema({ type: 'string', contentEncoding: 'base64url' })] },
  ],
  [
    ['maxLength-lowered'],
    { a: [schema({ type: 'array', items: { type: 'object', properties: { b: { type: 'string', maxLength: 9 } } } })] },
    { a: [schema({ type: 'array', items: { type: 'object', properties: { b: { type: 'string', maxLength: 8 } } } })] },
  ],
  [
    ['minimum-raised'],
    { a: [schema({ type: 'object', additionalProperties: { type: 'number', minimum: 1 } })] },
    { a: [schema({ type: 'object', additionalProperties: { type: 'number', minimum: 2 } })] },
  ],
]

describe('A change of a model', () => {
  it.each(MODELS.map((row) => [row[0].join(' and ') || 'nothing', ...row] as const))(
    'is told as %s, for requests and for responses by what it means there',
    async (_name, kinds, before, after) => {
      const changes = await changesBetween(program(before), program(after))

      const found = changes.map(({ kind }) => kind).toSorted()
      expect(found).toEqual(
        [...kinds.map((kind) => `request-${kind}`), ...kinds.map((kind) => `response-${kind}`)].toSorted(),
      )
      for (const { kind, severity, fix } of changes) {
        seen.add(kind)
        expect(severity).toBe(CHANGE_KINDS.get(kind))
        expect(fix === undefined).toBe(severity === 'safe')
      }
    },
  )

  it('is judged by the side: what callers send may become wider, what they read may become narrower', () => {
    const judged = (name: string) => [
      CHANGE_KINDS.get(`request-${name}` as ChangeKind),
      CHANGE_KINDS.get(`response-${name}` as ChangeKind),
    ]

    expect(judged('required-property-added')).toEqual(['breaking', 'safe'])
    expect(judged('property-added')).toEqual(['safe', 'safe'])
    expect(judged('property-removed')).toEqual(['breaking', 'breaking'])
    expect(judged('property-became-optional')).toEqual(['safe', 'breaking'])
    expect(judged('null-allowed')).toEqual(['safe', 'breaking'])
    expect(judged('null-refused')).toEqual(['breaking', 'safe'])
    expect(judged('type-widened')).toEqual(['safe', 'breaking'])
    expect(judged('type-narrowed')).toEqual(['breaking', 'safe'])
    expect(judged('value-added')).toEqual(['safe', 'risky'])
    expect(judged('value-removed')).toEqual(['breaking', 'safe'])
    for (const keyword of ['minLength', 'minimum', 'exclusiveMinimum', 'minItems', 'minProperties']) {
      expect(judged(`${keyword}-raised`)).toEqual(['breaking', 'safe'])
      expect(judged(`${keyword}-lowered`)).toEqual(['safe', 'risky'])
    }
    for (const keyword of ['maxLength', 'maximum', 'exclusiveMaximum', 'maxItems', 'maxProperties']) {
      expect(judged(`${keyword}-lowered`)).toEqual(['breaking', 'safe'])
      expect(judged(`${keyword}-raised`)).toEqual(['safe', 'risky'])
    }
  })
})

// ---- Everything else: two controllers of the same name, before and after.

class Answer {
  @Expose() readonly a!: string
}
class Note {
  @IsString() readonly a!: string
}

const problem = (code: string, status: number) => defineError({ code, status, message: () => code, help: 'Nothing.' })
const Sold = problem('TEST_SOLD', 409)
const SoldOut = problem('TEST_SOLD', 410)

const SoldForNow = defineError({
  code: 'TEST_SOLD',
  status: 409,
  message: () => 'Sold.',
  help: 'Nothing.',
  headers: { 'retry-after': () => '60' },
})

/** Says of an endpoint what it is told to say. */
function saying(said: InterceptorDescription, phase: 'authenticate' | 'authorize' = 'authenticate'): Class {
  @Interceptor({ phase })
  class SayingInterceptor implements EndpointInterceptor {
    forEndpoint({ type }: Endpoint) {
      return type.name === 'ThingsController' ? { before: () => undefined } : undefined
    }
    describe(): InterceptorDescription {
      return said
    }
  }
  return SayingInterceptor
}

const bearer = { name: 'bearer', scheme: { type: 'http', scheme: 'bearer' } }
const apiKey = { name: 'apiKey', scheme: { type: 'apiKey', in: 'header', name: 'x-key' } }

function withController(ThingsController: Class, interceptors: readonly Class[] = []): Class {
  @Module({ imports: [ContractModule], controllers: [ThingsController], interceptors })
  class ThingsModule {}
  return ThingsModule
}

/** One method, decorated; the rest is as it always is. */
function answering(...decorators: readonly (MethodDecorator | ClassDecorator)[]): Class {
  @Controller('/things')
  class ThingsController {
    get(): object {
      return {}
    }
  }
  const slot = Object.getOwnPropertyDescriptor(ThingsController.prototype, 'get')!
  for (const decorate of decorators) (decorate as MethodDecorator)(ThingsController.prototype, 'get', slot)
  return ThingsController
}

/** One method with parameters; `places` decorate them one after the other. */
function taking(
  path: string,
  method: (path: string) => MethodDecorator,
  ...places: readonly (readonly [ParameterDecorator, unknown])[]
): Class {
  @Controller('/things')
  class ThingsController {
    get(..._values: unknown[]): void {}
  }
  const { prototype } = ThingsController
  Reflect.defineMetadata(
    'design:paramtypes',
    places.map(([, type]) => type),
    prototype,
    'get',
  )
  places.forEach(([place], index) => place(prototype, 'get', index))
  const slot = Object.getOwnPropertyDescriptor(prototype, 'get')!
  method(path)(prototype, 'get', slot)
  HttpCode(204)(prototype, 'get', slot)
  return ThingsController
}

class OptionalQuery {
  @IsOptional() @IsString() readonly q?: string
}
class RequiredQuery {
  @IsString() readonly q!: string
}
class OptionalNote {
  @IsOptional() @IsString() readonly a?: string
}

const plain = answering(Get(), Returns(Answer))
const none = taking('/', Get)
const said = (description: InterceptorDescription, phase?: 'authenticate' | 'authorize') =>
  withController(plain, [saying(description, phase)])

const versioned = (...names: string[]): Class => {
  @Controller('/things')
  class ThingsController {
    @Get()
    @Version(...names)
    @Returns(Answer)
    get(): Answer {
      return { a: '' }
    }
  }
  @Module({
    imports: [ContractModule, VersioningModule.with({ defaultVersion: names[0]! })],
    controllers: [ThingsController],
  })
  class VersionedModule {}
  return VersionedModule
}

const OTHERS: readonly (readonly [kinds: readonly ChangeKind[], before: Class, after: Class])[] = [
  [['version-added'], versioned('1'), versioned('1', '2')],
  [['version-removed'], versioned('1', '2'), versioned('1')],
  [['operation-added'], withController(none), twoOperations(false)],
  [['operation-removed'], twoOperations(false), withController(none)],
  [['deprecated-operation-removed'], twoOperations(true), withController(none)],
  [['operation-moved'], withController(taking('/a', Get)), withController(taking('/b', Get))],
  [['operation-method-changed'], withController(taking('/', Post)), withController(taking('/', Put))],
  [
    ['operation-renamed'],
    withController(plain),
    withController(answering(Get(), Returns(Answer), Doc({ operationId: 'other' }))),
  ],
  [
    ['operation-regrouped'],
    withController(plain),
    withController(answering(Get(), Returns(Answer), Doc({ tags: ['Other'] }))),
  ],
  [['operation-deprecated'], withController(plain), said({ deprecated: true, does: 'is old' }, 'authenticate')],
  [['operation-undeprecated'], said({ deprecated: true, does: 'is old' }, 'authenticate'), withController(plain)],
  [
    ['path-parameter-renamed'],
    withController(taking('/:a', Get, [Param('a'), Number])),
    withController(taking('/:b', Get, [Param('b'), Number])),
  ],
  [['parameter-added'], withController(none), withController(taking('/', Get, [Query(), OptionalQuery]))],
  [['required-parameter-added'], withController(none), withController(taking('/', Get, [Query(), RequiredQuery]))],
  [['parameter-removed'], withController(taking('/', Get, [Query(), OptionalQuery])), withController(none)],
  [
    ['parameter-became-required'],
    withController(taking('/', Get, [Query(), OptionalQuery])),
    withController(taking('/', Get, [Query(), RequiredQuery])),
  ],
  [
    ['parameter-became-optional'],
    withController(taking('/', Get, [Query(), RequiredQuery])),
    withController(taking('/', Get, [Query(), OptionalQuery])),
  ],
  [
    ['parameter-moved'],
    withController(taking('/', Get, [Query('q'), String])),
    withController(taking('/', Get, [Header('q'), String])),
  ],
  [['body-added'], withController(taking('/', Post)), withController(taking('/', Post, [Body('a'), String]))],
  [['required-body-added'], withController(taking('/', Post)), withController(taking('/', Post, [Body(), Note]))],
  [['body-removed'], withController(taking('/', Post, [Body(), Note])), withController(taking('/', Post))],
  [
    ['body-became-required'],
    withController(taking('/', Post, [Body('a'), String])),
    withController(taking('/', Post, [Body(), OptionalNote])),
  ],
  [
    ['body-became-optional'],
    withController(taking('/', Post, [Body(), OptionalNote])),
    withController(taking('/', Post, [Body('a'), String])),
  ],
  [
    ['request-media-type-added', 'request-media-type-removed', 'body-became-optional'],
    withController(taking('/', Post, [Body(), Note])),
    withController(taking('/', Post, [RawBody(), Buffer])),
  ],
  [
    ['response-media-type-added', 'response-media-type-removed'],
    withController(plain),
    withController(answering(Get(), Returns(Answer), SetHeader('content-type', 'application/xml'))),
  ],
  [['response-header-added'], withController(plain), said({ responseHeaders: { 'x-left': 'How many are left' } })],
  [['response-header-removed'], said({ responseHeaders: { 'x-left': 'How many are left' } }), withController(plain)],
  [
    ['response-body-removed'],
    withController(answering(Get(), HttpCode(200), Returns(Answer))),
    withController(answering(Get(), HttpCode(200))),
  ],
  [
    ['response-body-added'],
    withController(answering(Get(), HttpCode(200))),
    withController(answering(Get(), HttpCode(200), Returns(Answer))),
  ],
  [
    ['status-added', 'status-removed'],
    withController(answering(Get(), HttpCode(202), Returns(Answer))),
    withController(plain),
  ],
  [['problem-added'], withController(plain), withController(answering(Get(), Returns(Answer), Throws(Sold)))],
  [['problem-removed'], withController(answering(Get(), Returns(Answer), Throws(Sold))), withController(plain)],
  [
    ['problem-status-changed'],
    withController(answering(Get(), Returns(Answer), Throws(Sold))),
    withController(answering(Get(), Returns(Answer), Throws(SoldOut))),
  ],
  [
    ['problem-header-added'],
    withController(answering(Get(), Returns(Answer), Throws(Sold))),
    withController(answering(Get(), Returns(Answer), Throws(SoldForNow))),
  ],
  [
    ['problem-header-removed'],
    withController(answering(Get(), Returns(Answer), Throws(SoldForNow))),
    withController(answering(Get(), Returns(Answer), Throws(Sold))),
  ],
  [['security-introduced'], withController(plain), said({ security: [[bearer]] })],
  [['security-dropped'], said({ security: [[bearer]] }), withController(plain)],
  [['security-alternative-added'], said({ security: [[bearer]] }), said({ security: [[bearer], [apiKey]] })],
  [['security-alternative-removed'], said({ security: [[bearer], [apiKey]] }), said({ security: [[bearer]] })],
  [
    ['security-scope-added'],
    said({ security: [[bearer]] }),
    said({ security: [[{ ...bearer, scopes: ['things:read'] }]] }),
  ],
  [
    ['security-scope-removed'],
    said({ security: [[{ ...bearer, scopes: ['things:read'] }]] }),
    said({ security: [[bearer]] }),
  ],
  [
    ['security-scheme-changed'],
    said({ security: [[apiKey]] }),
    said({ security: [[{ ...apiKey, scheme: { ...apiKey.scheme, name: 'x-other' } }]] }),
  ],
  [['access-demand-added'], said({}, 'authorize'), said({ does: 'requires the role admin' }, 'authorize')],
  [['access-demand-removed'], said({ does: 'requires the role admin' }, 'authorize'), said({}, 'authorize')],
]

function twoOperations(isDeprecated: boolean): Class {
  @Controller('/things')
  class ThingsController {
    @Get()
    @HttpCode(204)
    get(): void {}

    @Delete()
    @HttpCode(204)
    remove(): void {}
  }
  if (!isDeprecated) return withController(ThingsController)
  const slot = Object.getOwnPropertyDescriptor(ThingsController.prototype, 'remove')!
  Deprecated({ since: '2026-01-01' })(ThingsController.prototype, 'remove', slot)

  @Module({ imports: [ContractModule, VersioningModule], controllers: [ThingsController] })
  class ThingsModule {}
  return ThingsModule
}

describe('A change of an operation', () => {
  it.each(OTHERS.map((row) => [row[0].join(' and '), ...row] as const))(
    'is told as %s',
    async (_name, kinds, before, after) => {
      const changes = await changesBetween(before, after)

      const found = changes.map(({ kind }) => kind)
      // What must be read before an answer can fail in other ways, too.
      const told = found.filter(
        (kind) => kinds.includes(kind) || !/^(?:problem-|access-|request-|operation-added$)/.test(kind),
      )
      expect(new Set(told)).toEqual(new Set(kinds))
      for (const { kind, severity } of changes) {
        seen.add(kind)
        expect(severity).toBe(CHANGE_KINDS.get(kind))
      }
    },
  )

  it('has every kind that there is shown by a program, and there are more than a hundred', () => {
    expect(CHANGE_KINDS.size).toBeGreaterThan(150)
    expect([...CHANGE_KINDS.keys()].filter((kind) => !seen.has(kind))).toEqual([])
  })
})
