/** Applications that break their document in one way each, and one that keeps to it. */
import { setTimeout as wait } from 'node:timers/promises'

import {
  Body,
  ConflictException,
  Controller,
  Ctx,
  defineError,
  Get,
  HttpCode,
  HttpContext,
  Module,
  Param,
  Patch,
  Post,
  Query,
  RawBody,
  Res,
  Returns,
  Throws,
  type Class,
} from 'tenon'
import { ContractModule } from 'tenon/contract'
import { Doc } from 'tenon/openapi'
import {
  Allow,
  ArrayMaxSize,
  Expose,
  IsBoolean,
  IsEmail,
  IsIBAN,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  Type,
  ValidateNested,
} from 'tenon/validation'

/** What answers are written to; the kernel gives Express's. */
interface Answering {
  statusCode: number
  setHeader(name: string, value: string): void
  end(text?: string): void
}

function answer(response: Answering, status: number, type: string, body: string): void {
  response.statusCode = status
  response.setHeader('content-type', type)
  response.end(body)
}

const json = (value: unknown) => ({ body: JSON.stringify(value), type: 'application/json', status: 200 })

class Thing {
  @Expose() @IsString() readonly name!: string
  @Expose() @Min(0) @Max(10) readonly size!: number
  @Expose() @IsIn(['new', 'old']) readonly state!: string
  @Expose() @Type(() => Date) readonly at!: Date
}

const GOOD = { name: 'a', size: 1, state: 'new', at: '2026-01-01T00:00:00.000Z' }

/** Answers by hand what the document says otherwise. */
function handmade({ status, type, body }: { status: number; type: string; body: string }): Class {
  @Controller('/things')
  class ThingsController {
    @Get()
    @Returns(Thing)
    get(@Res() response: Answering): void {
      answer(response, status, type, body)
    }
  }
  return ThingsController
}

/** A field whose document says more, or less, than its rules. */
function saying(schema: Readonly<Record<string, unknown>>, ...rules: readonly PropertyDecorator[]): Class {
  class Input {
    a?: unknown
  }
  for (const decorate of [Allow(), Doc({ schema }), ...rules]) decorate(Input.prototype, 'a')

  @Controller('/things')
  class ThingsController {
    @Post()
    @HttpCode(204)
    make(@Body() _input: Input): void {}
  }
  Reflect.defineMetadata('design:paramtypes', [Input], ThingsController.prototype, 'make')
  return ThingsController
}

const Known = defineError({ code: 'TEST_KNOWN', status: 409, message: () => 'Known.', help: 'None.' })
const Other = defineError({ code: 'TEST_OTHER', status: 409, message: () => 'Other.', help: 'None.' })

@Controller('/things')
class FailingController {
  @Get('/:id')
  @Returns(Thing)
  get(@Param('id') id: number): object {
    if (id > 20) throw new TypeError('Nobody has thought of this.')
    return GOOD
  }
}

@Controller('/things')
class UndocumentedConflictController {
  @Post()
  @HttpCode(204)
  make(): void {
    throw new ConflictException('Nobody said so.')
  }
}

@Controller('/things')
class OtherCodeController {
  @Get()
  @Returns(Thing)
  @Throws(Known)
  get(): Thing {
    throw new Other()
  }
}

@Controller('/things')
class DroppedController {
  @Get()
  @Returns(Thing)
  get(@Ctx() { request }: HttpContext): Thing {
    request.socket.destroy()
    return GOOD as never
  }
}

@Controller('/things')
class HangingController {
  @Get()
  @Returns(Thing)
  async get(): Promise<Thing> {
    await wait(60_000, undefined, { ref: false })
    return GOOD as never
  }
}

class LooseQuery {
  @Doc({ schema: { type: 'string', enum: ['a', 'b'] } }) @IsOptional() @IsString() readonly kind?: string
}

@Controller('/things')
class LooseQueryController {
  @Get()
  @HttpCode(204)
  get(@Query() _query: LooseQuery): void {}
}

@Controller('/things')
class BodyOn204Controller {
  @Get()
  @HttpCode(204)
  get(@Res() response: Answering): void {
    answer(response, 200, 'application/json', '{}')
  }
}

/** By name: the program, and what must be found in it. */
export const BROKEN: Readonly<Record<string, readonly [controller: Class, kind: string]>> = {
  'an error nobody has thought of': [FailingController, 'server-error'],
  'a status that is not in the document': [handmade({ ...json(GOOD), status: 203 }), 'status-undocumented'],
  'no content instead of content': [handmade({ ...json(GOOD), status: 204, body: '' }), 'status-undocumented'],
  'a problem that is not in the document': [UndocumentedConflictController, 'problem-undocumented'],
  'another problem of a documented status': [OtherCodeController, 'problem-undocumented'],
  'a failure without problem details': [handmade({ status: 400, type: 'text/plain', body: 'no' }), 'problem-malformed'],
  'problem details without a code': [
    handmade({ status: 404, type: 'application/problem+json', body: '{"title":"no"}' }),
    'problem-malformed',
  ],
  'another media type': [handmade({ status: 200, type: 'text/html', body: '<p>hi</p>' }), 'media-type-undocumented'],
  'text that is called JSON': [handmade({ status: 200, type: 'application/json', body: '{' }), 'body-unreadable'],
  'a missing field': [handmade(json({ ...GOOD, name: undefined })), 'body-invalid'],
  'a field of another type': [handmade(json({ ...GOOD, size: '1' })), 'body-invalid'],
  'a number beyond its limit': [handmade(json({ ...GOOD, size: 11 })), 'body-invalid'],
  'a value that is not listed': [handmade(json({ ...GOOD, state: 'lost' })), 'body-invalid'],
  'null where there is always something': [handmade(json({ ...GOOD, name: null })), 'body-invalid'],
  'a day that is none': [handmade(json({ ...GOOD, at: 'yesterday' })), 'body-invalid'],
  'a list instead of one': [handmade(json([GOOD])), 'body-invalid'],
  'a body where there is none': [BodyOn204Controller, 'status-undocumented'],
  'a text that is too long, accepted': [saying({ type: 'string', maxLength: 5 }), 'invalid-accepted'],
  'a value of another type, accepted': [saying({ type: 'integer' }), 'invalid-accepted'],
  'a query that is not listed, accepted': [LooseQueryController, 'invalid-accepted'],
  'a valid value, refused': [saying({ type: 'string' }, IsString(), Length(0, 3)), 'valid-refused'],
  'a connection that is cut': [DroppedController, 'no-answer'],
  'an answer that does not come': [HangingController, 'no-answer'],
}

export function broken(controller: Class): Class {
  @Module({ imports: [ContractModule], controllers: [controller] })
  class BrokenModule {}
  return BrokenModule
}

class Address {
  @IsString() readonly street!: string
  @IsOptional() @Matches(/^[A-Z]{2}-\d{4,5}$/) readonly zip?: string
}

class NewThing {
  @Length(2, 20) readonly name!: string
  @IsInt() @Min(1) @Max(9) readonly size!: number
  @IsIn(['a', 'b']) readonly kind: string = 'a'
  @IsOptional() @IsEmail() readonly email?: string
  @IsOptional() @IsUUID() readonly owner?: string
  @IsOptional() @IsBoolean() readonly big?: boolean
  @IsOptional() @IsString({ each: true }) @ArrayMaxSize(3) readonly labels?: string[]
  @ValidateNested() @Type(() => Address) readonly to!: Address
}

/** No schema says what it takes. */
class Account {
  @IsIBAN() readonly account!: string
}

class ThingChanges {
  @IsOptional() @Length(2, 20) readonly name?: string
}

class ThingQuery {
  @IsInt() @Min(1) readonly page: number = 1
  @IsOptional() @IsIn(['a', 'b']) readonly kind?: string
  @IsOptional() @IsBoolean() readonly big?: boolean
}

const Missing = defineError({ code: 'TEST_MISSING', status: 404, message: () => 'None.', help: 'None.' })

@Controller('/things')
class CleanController {
  @Get()
  @Returns(Thing, { array: true })
  list(@Query() _query: ThingQuery): Thing[] {
    return [GOOD as never]
  }

  @Get('/:id')
  @Returns(Thing)
  @Throws(Missing)
  get(@Param('id') id: number): Thing {
    if (id > 2) throw new Missing()
    return GOOD as never
  }

  @Post()
  @Returns(Thing)
  make(@Body() { name }: NewThing): Thing {
    return { ...GOOD, name } as never
  }

  @Patch('/:id')
  @Returns(Thing)
  change(@Param('id') _id: number, @Body() _changes: ThingChanges): Thing {
    return GOOD as never
  }

  @Post('/accounts')
  @HttpCode(204)
  open(@Body() _account: Account): void {}

  @Post('/raw')
  @HttpCode(204)
  raw(@RawBody() _bytes: Buffer): void {}
}

@Module({ imports: [ContractModule], controllers: [CleanController] })
export class CleanModule {}
