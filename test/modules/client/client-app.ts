/** An application that gives a client everything to do. */
import { setTimeout as wait } from 'node:timers/promises'

import {
  Authenticated,
  Body,
  Controller,
  Ctx,
  defineError,
  Delete,
  file,
  FileResponse,
  ForbiddenException,
  Get,
  Header,
  HttpCode,
  HttpContext,
  Interceptor,
  Module,
  Param,
  Post,
  Put,
  Query,
  Returns,
  ServiceUnavailableException,
  Sse,
  Throws,
  UploadedFile,
  UnauthorizedException,
  type Around,
  type Endpoint,
  type EndpointInterceptor,
  type InterceptorDescription,
  type SseEvent,
  type Upload,
} from 'tenon'
import { AUTHENTICATED } from 'tenon/decorators'
import { ClientModule } from 'tenon/client'
import {
  ArrayMaxSize,
  Expose,
  IsArray,
  IsBoolean,
  IsDate,
  IsEmail,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsPositive,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  Type,
  ValidateNested,
} from 'tenon/validation'

export class Place {
  @Expose() @IsString() @IsNotEmpty() readonly street!: string
  @Expose() @IsOptional() @Matches(/^\d{5}$/) readonly zip?: string
}

export class NewOrder {
  @Length(3, 20) readonly title!: string
  @IsInt() @Min(1) @Max(99) readonly amount!: number
  @IsOptional() @IsPositive() readonly price?: number
  @IsIn(['air', 'sea']) readonly by: 'air' | 'sea' = 'air'
  @IsOptional() @IsEmail() readonly email?: string
  @IsArray() @ArrayMaxSize(3) @IsString({ each: true }) @MaxLength(5, { each: true }) readonly labels: string[] = []
  @ValidateNested() @Type(() => Place) readonly to!: Place
  @IsOptional() @ValidateNested({ each: true }) @Type(() => Place) readonly via?: Place[]
  @IsOptional() @IsBoolean({ message: 'urgent is yes or no' }) readonly urgent?: boolean
  @IsOptional() @Type(() => Date) @IsDate() readonly due?: Date
  @IsOptional() @Type(() => BigInt) readonly serial?: bigint
}

export class Order {
  @Expose() readonly id!: number
  @Expose() readonly title!: string
  @Expose() @Type(() => Date) readonly createdAt!: Date
  @Expose() @Type(() => BigInt) readonly serial!: bigint
}

class OrderPage {
  @Expose() @Type(() => Order) readonly items!: Order[]
  @Expose() readonly page!: number
  @Expose() readonly pages!: number
}

class OrderStrip {
  @Expose() @Type(() => Order) readonly items!: Order[]
  @Expose() @IsOptional() readonly next!: string | null
}

class PageQuery {
  @IsInt() @Min(1) readonly page: number = 1
  @IsOptional() @IsString() readonly search?: string
}

class Tick {
  @Expose() readonly count!: number
  @Expose() @Type(() => Date) readonly at!: Date
}

class UploadFields {
  @Length(1, 20) readonly title!: string
}

export class Stored {
  @Expose() readonly title!: string
  @Expose() readonly bytes!: number
  @Expose() readonly type!: string
}

const OrderMissing = defineError({
  code: 'SHOP_ORDER_MISSING',
  status: 404,
  message: (id: number) => `There is no order ${id}.`,
  help: 'Ask for another one.',
})

const WeatherBusy = defineError({
  code: 'WEATHER_BUSY',
  status: 429,
  message: (_seconds: number) => 'Later.',
  help: 'Wait.',
  headers: { 'retry-after': (seconds) => String(seconds) },
  extensions: () => ({ queue: { length: 7 } }),
  members: {
    properties: { queue: { type: 'object', properties: { length: { type: 'integer' } }, required: ['length'] } },
    required: ['queue'],
  },
})

const TOTAL = 7
const order = (id: number): Order => ({
  id,
  title: `Order ${id}`,
  createdAt: new Date(Date.UTC(2026, 0, id)),
  serial: 9_007_199_254_740_993n + BigInt(id),
})

/** Bearer `good-…` is a caller; `good-strong` has proved more. */
@Interceptor({ phase: 'authenticate' })
class BearerInterceptor implements EndpointInterceptor {
  forEndpoint(endpoint: Endpoint): Around | undefined {
    if (endpoint.read(AUTHENTICATED) === undefined) return undefined
    return (context, next) => {
      if (!context.header('authorization')?.startsWith('Bearer good-')) {
        throw new UnauthorizedException('The token is of no use.', { headers: { 'www-authenticate': 'Bearer' } })
      }
      return next()
    }
  }

  describe(): InterceptorDescription {
    return {
      security: [[{ name: 'bearer', scheme: { type: 'http', scheme: 'bearer' } }]],
      problems: [{ status: 401, code: 'HTTP_UNAUTHORIZED', when: 'the token is of no use' }],
    }
  }
}

@Controller('/orders')
class OrdersController {
  @Get()
  @Returns(OrderPage)
  list(@Query() { page }: PageQuery): OrderPage {
    const ids = [1, 2, 3].map((at) => (page - 1) * 3 + at).filter((id) => id <= TOTAL)
    return { items: ids.map(order), page, pages: Math.ceil(TOTAL / 3) }
  }

  @Get('/strip')
  @Returns(OrderStrip)
  strip(@Query('after') after?: string): OrderStrip {
    const from = Number(after ?? 0)
    const ids = [1, 2].map((at) => from + at).filter((id) => id <= TOTAL)
    return { items: ids.map(order), next: from + 2 < TOTAL ? String(from + 2) : null }
  }

  @Get('/:id')
  @Returns(Order)
  @Throws(OrderMissing)
  get(@Param('id') id: number): Order {
    if (id > TOTAL) throw new OrderMissing(id)
    return order(id)
  }

  @Post()
  @Returns(Order)
  place(@Body() { title, serial }: NewOrder): Order {
    return { ...order(1), title, ...(serial === undefined ? {} : { serial }) }
  }

  @Delete('/:id')
  @HttpCode(204)
  cancel(@Param('id') _id: number): void {}
}

/** Counts calls by name, so that tests see what was repeated. */
export const calls = new Map<string, number>()

function count(name: string): number {
  const next = (calls.get(name) ?? 0) + 1
  calls.set(name, next)
  return next
}

@Controller('/weather')
class WeatherController {
  /** Fails as often as it is told. */
  @Get('/read')
  @Returns(Tick)
  read(@Query('name') name: string, @Query('failures') failures: number): Tick {
    return this.#answer(name, failures)
  }

  @Put('/write')
  @Returns(Tick)
  write(@Query('name') name: string, @Query('failures') failures: number): Tick {
    return this.#answer(name, failures)
  }

  @Post('/make')
  @Returns(Tick)
  make(@Query('name') name: string, @Query('failures') failures: number, @Ctx() context: HttpContext): Tick {
    return this.#answer(`${name} ${context.header('idempotency-key') ?? ''}`.trim(), failures)
  }

  @Post('/make-once')
  @Returns(Tick)
  makeOnce(@Query('failures') failures: number, @Header('idempotency-key') key: string): Tick {
    return this.#answer(key, failures)
  }

  @Get('/busy')
  @Returns(Tick)
  @Throws(WeatherBusy)
  busy(@Query('name') name: string, @Query('seconds') seconds: number): Tick {
    if (count(name) > 1) return { count: calls.get(name)!, at: new Date(0) }
    throw new WeatherBusy(seconds)
  }

  @Get('/slow')
  @Returns(Tick)
  async slow(): Promise<Tick> {
    await wait(30_000, undefined, { ref: false })
    return { count: 1, at: new Date(0) }
  }

  @Get('/other')
  @Returns(Tick)
  other(): Tick {
    throw new ForbiddenException('Not foreseen.')
  }

  #answer(name: string, failures: number): Tick {
    const made = count(name)
    if (made <= failures) throw new ServiceUnavailableException('Not yet.', { headers: { 'retry-after': '0' } })
    return { count: made, at: new Date(0) }
  }
}

@Controller('/vault')
@Authenticated()
class VaultController {
  @Get()
  @Returns(Tick)
  look(): Tick {
    return { count: count('vault'), at: new Date(0) }
  }

  @Post('/open')
  @Returns(Tick)
  open(@Ctx() context: HttpContext): Tick {
    if (context.header('authorization') !== 'Bearer good-strong') {
      throw new UnauthorizedException('Prove more.', {
        headers: { 'www-authenticate': 'Bearer error="insufficient_user_authentication", acr_values="mfa"' },
      })
    }
    return { count: 1, at: new Date(0) }
  }
}

@Controller('/files')
class FilesController {
  @Post()
  @Returns(Stored)
  async store(
    @UploadedFile('file', { maxBytes: 5_000_000 }) upload: Upload,
    @Body() { title }: UploadFields,
  ): Promise<Stored> {
    return { title, bytes: (await upload.bytes()).length, type: upload.mediaType }
  }

  @Get('/:name')
  fetch(@Param('name') name: string): FileResponse {
    return file(name, { root: import.meta.dirname, download: `über ${name}.txt`, contentType: 'text/plain' })
  }

  @Sse('/ticks')
  @Returns(Tick)
  async *ticks(@Query('many') many: number, @Header('last-event-id') last?: string): AsyncIterable<SseEvent> {
    for (let number = Number(last ?? 0) + 1; number <= many; number += 1) {
      yield { id: String(number), event: 'tick', data: { count: number, at: new Date(0) } }
      // The connection breaks in the middle, once.
      if (number === 2 && count('ticks') === 1) throw new Error('The line went dead.')
    }
  }
}

@Module({
  imports: [ClientModule],
  controllers: [OrdersController, WeatherController, VaultController, FilesController],
  interceptors: [BearerInterceptor],
})
export class ClientAppModule {}
