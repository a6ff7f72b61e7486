/** An application that uses every part of the language that a document has to tell. */
import { Readable } from 'node:stream'

import {
  All,
  Body,
  ConflictException,
  Controller,
  Cookie,
  defineError,
  Delete,
  Doc,
  file,
  FileResponse,
  Get,
  Header,
  HttpCode,
  Interceptor,
  Module,
  NotFoundException,
  Param,
  Patch,
  Post,
  Put,
  Query,
  RawBody,
  Redirect,
  Returns,
  SetHeader,
  Sse,
  Throws,
  UploadedFile,
  UploadedFiles,
  Validate,
  type EndpointInterceptor,
  type InterceptorDescription,
  type Upload,
} from 'tenon'
import {
  ArrayMaxSize,
  Exclude,
  Expose,
  IsArray,
  IsBoolean,
  IsDate,
  IsEmail,
  IsEnum,
  IsIBAN,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Min,
  OmitType,
  PartialType,
  PickType,
  Transform,
  Type,
  ValidateNested,
} from 'tenon/validation'
import { z } from 'zod'

export enum Size {
  Small = 'small',
  Large = 'large',
}

enum Level {
  Low,
  High,
}

export class Address {
  @IsString() @IsNotEmpty() readonly street!: string
  @IsOptional() @IsString() readonly city?: string
}

export class Folder {
  @IsString() readonly name!: string
  @IsArray() @ValidateNested() @Type(() => Folder) readonly folders!: Folder[]
}

class Shape {
  @IsString() readonly kind!: string
}

class Circle extends Shape {
  @Min(0) readonly radius!: number
}

class Square extends Shape {
  @Min(0) readonly side!: number
}

/** Taken in and answered, and not the same both ways. */
@Doc({ description: 'Something to be sold.', example: { name: 'Chair', price: 40 } })
export class Product {
  @Expose() @IsOptional() @IsUUID() readonly id?: string
  @Expose() @Length(1, 40) @Doc({ description: 'What it is called.', example: 'Chair' }) readonly name!: string
  @Expose() @IsInt() @Min(0) readonly price!: number
  @Expose() @IsEnum(Size) readonly size: Size = Size.Small
  @Expose() @IsOptional() @IsEnum(Level) readonly level?: Level
  @Expose() @Type(() => Date) @IsDate() readonly since!: Date
  @Expose() @IsOptional() @Type(() => BigInt) readonly serial?: bigint
  @Expose() @IsString({ each: true }) @ArrayMaxSize(5) readonly labels!: string[]
  @Expose() @ValidateNested() @Type(() => Address) readonly from!: Address
  @Expose() @Type(() => Number) @IsInt({ each: true }) readonly stock!: Map<string, number>
  @Expose() @IsString({ each: true }) readonly marks!: Set<string>
  @Expose()
  @ValidateNested()
  @Type(() => Shape, {
    discriminator: {
      property: 'kind',
      subTypes: [
        { name: 'circle', value: Circle },
        { name: 'square', value: Square },
      ],
    },
    keepDiscriminatorProperty: true,
  })
  readonly shape!: Circle | Square
  @Expose() @Transform(({ value }: { value: unknown }) => value) @IsIBAN() readonly account!: string
  @Exclude({ toPlainOnly: true }) @IsOptional() @IsEmail() readonly supplier?: string
  @IsOptional() @IsBoolean({ groups: ['import'] }) @Doc({ hidden: true }) readonly isImported?: boolean
}

class ProductChanges extends PartialType(OmitType(Product, ['id'])) {}
class ProductName extends PickType(Product, ['name']) {}

class Search {
  @IsOptional() @IsString() @Doc({ description: 'Part of the name.' }) readonly text?: string
  @IsInt() @Min(1) readonly page: number = 1
  @IsOptional() @IsIn(['name', '-name']) readonly sort?: string
  @IsOptional() @IsString({ each: true }) readonly label?: string[]
  @IsOptional() @IsBoolean() readonly sold?: boolean
}

class Trace {
  @IsOptional() @IsString() readonly traceparent?: string
}

const ProductSold = defineError({
  code: 'SHOP_PRODUCT_SOLD',
  status: 409,
  message: () => 'It is sold.',
  help: 'Choose another one.',
})

const TooMany = defineError({
  code: 'SHOP_TOO_MANY',
  status: 429,
  message: (_seconds: number) => 'Not so fast.',
  help: 'Wait.',
  headers: { 'retry-after': (seconds) => String(seconds), 'x-queue': () => '7' },
})

@Interceptor({ phase: 'authenticate' })
export class Guarding implements EndpointInterceptor {
  forEndpoint({ route }: { readonly route?: { readonly path: string } }) {
    return route?.path.startsWith('/products') ? { headers: { 'x-frame-options': 'DENY' } } : undefined
  }

  describe(): InterceptorDescription {
    return {
      does: 'needs a caller',
      security: [
        [{ name: 'bearer', scheme: { type: 'http', scheme: 'bearer' }, scopes: [] }],
        [{ name: 'key', scheme: { type: 'apiKey', in: 'header', name: 'x-key' } }],
      ],
      parameters: [{ in: 'header', name: 'x-tenant', required: true, description: 'Whose products.' }],
      problems: [
        { status: 401, code: 'SHOP_UNKNOWN', when: 'nobody is known', headers: { 'www-authenticate': '' } },
        { status: 429, code: 'SHOP_BUSY', when: 'others were first', headers: { 'x-queue': 'How many wait.' } },
      ],
      responseHeaders: { 'x-remaining': 'Calls that are left.' },
    }
  }
}

@Controller({ path: '/products', tags: ['Shop'] })
@Doc({ description: 'All that is sold.' })
export class ProductsController {
  @Get()
  @Returns(Product, { array: true })
  list(@Query() _search: Search, @Header() _trace: Trace, @Cookie('seen') _seen?: string): Product[] {
    return []
  }

  @Post()
  @Doc({ summary: 'Offers a product', description: 'It is shown *at once*.' })
  @Returns(Product)
  @Throws(ProductSold, ConflictException, TooMany)
  offer(@Body() _product: Product): Product {
    throw new ProductSold()
  }

  @Post('/imported')
  @Validate({ groups: ['import'], mode: 'strip' })
  @HttpCode(202)
  @Returns(ProductName)
  bring(@Body() product: Product): Product {
    return product
  }

  @Get('/:id')
  @Returns(Product)
  @Throws(NotFoundException)
  get(@Param('id') _id: number): Product {
    throw new NotFoundException()
  }

  @Patch('/:id')
  @Returns(Product)
  change(@Param('id') _id: number, @Body() _changes: ProductChanges): Product {
    throw new NotFoundException()
  }

  @Delete('/:id')
  @HttpCode(204)
  remove(@Param('id') _id: number): void {}

  @Put('/:id/picture')
  @HttpCode(204)
  picture(
    @Param('id') _id: number,
    @Body() _about: ProductName,
    @UploadedFile('picture', { maxBytes: 1000, types: ['image/png'] }) _picture: Upload,
  ): void {}

  @Post('/:id/papers')
  @HttpCode(204)
  papers(
    @Param('id') _id: number,
    @UploadedFiles('papers', { maxBytes: 9, maxCount: 3 }) _all: AsyncIterable<Upload>,
  ): void {}

  @Sse('/changes')
  @Returns(ProductName)
  async *changes(): AsyncGenerator<ProductName> {}

  @Get('/files/*')
  download(@Param('*') path: string): FileResponse {
    return file(path, { root: '/srv' })
  }
}

@Controller('/more')
export class MoreController {
  @Post('/zod')
  @HttpCode(204)
  zod(
    @Body({ schema: z.object({ title: z.string().min(1), tags: z.array(z.string()).optional() }) }) _body: unknown,
  ): void {}

  @Post('/fields')
  @HttpCode(204)
  fields(@Body('name') _name: string, @Body('address') _address: Address): void {}

  @Post('/raw')
  @HttpCode(204)
  raw(@RawBody() _bytes: Buffer): void {}

  @Post('/text')
  text(@Body() text: string): string {
    return text
  }

  @Get('/number')
  number(): number {
    return 1
  }

  @Get('/stream')
  @SetHeader('content-type', 'text/csv')
  stream(): Readable {
    return Readable.from([])
  }

  @Get('/elsewhere')
  @Redirect('/more/number')
  elsewhere(): void {}

  @All('/any')
  any(): string {
    return 'any'
  }

  @Get('/folders')
  @Returns(Folder)
  folders(): Folder {
    return { name: '', folders: [] }
  }

  @Get('/secret')
  @Doc({ hidden: true })
  secret(): object {
    return {}
  }

  @Get('/unknown')
  unknown(): object {
    return {}
  }
}

@Module({ controllers: [ProductsController, MoreController], interceptors: [Guarding] })
export class WideModule {}
