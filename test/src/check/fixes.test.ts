import {
  Body,
  Controller,
  Get,
  Inject,
  Injectable,
  Interceptor,
  Module,
  Param,
  Post,
  Query,
  Returns,
  Skip,
  token,
  UploadedFile,
  type Class,
  type InjectionToken,
  type ModuleOptions,
} from 'tenon/decorators'
import { Type } from 'class-transformer'
import { IsString, ValidateNested } from 'class-validator'

import { checkProgram } from './read-program.ts'

/** The codes of what is found in a module with these options. */
async function codesOf(options: ModuleOptions): Promise<readonly string[]> {
  @Module(options)
  class AppModule {}
  return (await checkProgram({ AppModule })).map(({ code }) => code)
}

function controllerWith(path: string, ...decorators: readonly MethodDecorator[]): Class {
  class Example {
    handle(): string {
      return ''
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(Example.prototype, 'handle') as PropertyDescriptor
  for (const decorator of decorators) decorator(Example.prototype, 'handle', descriptor)
  Controller(path)(Example)
  return Example
}

/** A parameter decorator of the handler's first parameter, of the given type. */
function first(decorator: ParameterDecorator, type: unknown): MethodDecorator {
  return (target, member) => {
    decorator(target, member, 0)
    Reflect.defineMetadata('design:paramtypes', [type], target, member)
  }
}

class Street {
  @IsString()
  name!: string
}

class Address {
  @ValidateNested()
  @Type(() => Street)
  street!: Street
}

class UntypedAddress {
  @ValidateNested()
  street!: Street
}

@Interceptor({ phase: 'observe' })
class Timing {
  intercept(_context: unknown, next: () => unknown): unknown {
    return next()
  }
}

class Undeclared {
  intercept(_context: unknown, next: () => unknown): unknown {
    return next()
  }
}

const NAME = token<string>('Name')
const OTHER = token<string>('Other')

@Injectable()
class Named {
  constructor(@Inject(NAME) readonly name: string) {}
}

function alias(
  provide: InjectionToken,
  useExisting: InjectionToken,
): { provide: InjectionToken; useExisting: InjectionToken } {
  return { provide, useExisting }
}

/** Each row differs from a wrong program by nothing but its fix. */
const FIXES: readonly (readonly [code: string, wrong: ModuleOptions, fixed: ModuleOptions])[] = [
  ['WIRING_PROVIDER_MISSING', { providers: [Named] }, { providers: [Named, { provide: NAME, useValue: 'a' }] }],
  [
    'WIRING_PROVIDER_AMBIGUOUS',
    { providers: [Named, { provide: NAME, useValue: 'a' }, { provide: NAME, useValue: 'b' }] },
    { providers: [Named, { provide: NAME, useValue: 'a', primary: true }, { provide: NAME, useValue: 'b' }] },
  ],
  [
    'WIRING_DEPENDENCY_CYCLE',
    { providers: [alias(NAME, OTHER), alias(OTHER, NAME)] },
    { providers: [alias(NAME, OTHER), { provide: OTHER, useValue: 'end' }] },
  ],
  [
    'WIRING_LIFETIME_CAPTURED',
    { providers: [Named, { provide: NAME, useFactory: () => 'a', scope: 'transient' }] },
    { providers: [Named, { provide: NAME, useFactory: () => 'a' }] },
  ],
  [
    'WIRING_TRANSIENT_ASYNC',
    { providers: [{ provide: NAME, useFactory: async () => 'a', scope: 'transient' }] },
    { providers: [{ provide: NAME, useFactory: () => 'a', scope: 'transient' }] },
  ],
  [
    'WIRING_INTERNAL_UNKNOWN',
    { internal: [NAME] },
    { internal: [NAME], providers: [{ provide: NAME, useValue: 'a' }] },
  ],
  [
    'ROUTE_DUPLICATE',
    { controllers: [controllerWith('/a', Get()), controllerWith('/a', Get())] },
    { controllers: [controllerWith('/a', Get()), controllerWith('/a', Post())] },
  ],
  [
    'ROUTE_PATH_INVALID',
    { controllers: [controllerWith('/a', Get('/b?'))] },
    { controllers: [controllerWith('/a', Get('/b'))] },
  ],
  [
    'ROUTE_PARAMETER_UNBOUND',
    { controllers: [controllerWith('/a', Get('/:id'))] },
    { controllers: [controllerWith('/a', Get('/:id'), first(Param('id'), String))] },
  ],
  [
    'ROUTE_PARAMETER_UNKNOWN',
    { controllers: [controllerWith('/a', Get('/'), first(Param('id'), String))] },
    { controllers: [controllerWith('/a', Get('/:id'), first(Param('id'), String))] },
  ],
  [
    'ROUTE_BODY_WITHOUT_DTO',
    { controllers: [controllerWith('/a', Post(), first(Body(), Object))] },
    { controllers: [controllerWith('/a', Post(), first(Body(), Street))] },
  ],
  [
    'ROUTE_QUERY_WITHOUT_DTO',
    { controllers: [controllerWith('/a', Get(), first(Query(), Object))] },
    { controllers: [controllerWith('/a', Get(), first(Query('page'), Number))] },
  ],
  [
    'ROUTE_BODY_UNEXPECTED',
    { controllers: [controllerWith('/a', Get(), first(Body(), Street))] },
    { controllers: [controllerWith('/a', Post(), first(Body(), Street))] },
  ],
  [
    'VALIDATION_NESTED_UNTYPED',
    { controllers: [controllerWith('/a', Post(), first(Body(), UntypedAddress))] },
    { controllers: [controllerWith('/a', Post(), first(Body(), Address))] },
  ],
  [
    'RESPONSE_MODEL_EMPTY',
    { controllers: [controllerWith('/a', Get(), Returns(class Nothing {}))] },
    { controllers: [controllerWith('/a', Get(), Returns(Street))] },
  ],
  [
    'UPLOAD_LIMIT_INVALID',
    { controllers: [controllerWith('/a', Post(), first(UploadedFile('f', { maxBytes: -1 }), Object))] },
    { controllers: [controllerWith('/a', Post(), first(UploadedFile('f', { maxBytes: 1 }), Object))] },
  ],
  [
    'SKIP_WITHOUT_EFFECT',
    { controllers: [controllerWith('/a', Get(), Skip(Timing, 'Too loud.'))] },
    { controllers: [controllerWith('/a', Get())] },
  ],
  ['PIPELINE_INTERCEPTOR_UNDECLARED', { interceptors: [Undeclared] }, { interceptors: [Timing] }],
]

describe('A fixed program', () => {
  it.each(FIXES)('no longer has %s', async (code, wrong, fixed) => {
    expect(await codesOf(wrong)).toEqual([code])
    expect(await codesOf(fixed)).toEqual([])
  })
})
