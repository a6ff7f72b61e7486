import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { validate } from '@readme/openapi-parser'
import { Validator } from '@seriousme/openapi-schema-validator'
import { parse } from 'yaml'

import {
  Controller,
  describeOutput,
  EndpointVisibility,
  Get,
  HttpCode,
  Injectable,
  InputDescriber,
  Module,
  Post,
  type CallContext,
  type Class,
  type Endpoint,
} from 'tenon'
import { Doc, OpenApi, OpenApiModule, type OpenApiDocument, type Operation } from 'tenon/openapi'
import { testApp } from 'tenon/testing'
import { Expose, IsString, Type } from 'tenon/validation'
import { Deprecated, Version, VersioningModule } from 'tenon/versioning'

import { AppModule } from '../../../samples/starter-kit/app-module.ts'
import { MoreController, ProductsController, WideModule } from './wide-application.ts'

async function documentOf(...modules: Parameters<typeof testApp>): Promise<OpenApiDocument> {
  await using app = await testApp(...modules).boot()
  return await app.get(OpenApi).document()
}

const wide = await documentOf(WideModule, OpenApiModule)

function operation(path: string, method: 'get' | 'post' | 'put' | 'patch' | 'delete' = 'get'): Operation {
  return wide.paths[path]![method]!
}

function schema(name: string): Record<string, any> {
  return wide.components!.schemas![name]!
}

describe('The document', () => {
  it.each([
    ['the starter kit', AppModule as Class],
    ['an application that uses everything', WideModule as Class],
  ])('of %s is valid for two independent validators, in each version', async (_name, module) => {
    await using app = await testApp(module, OpenApiModule).boot()
    const openApi = app.get(OpenApi)
    const versions = openApi.versions.length > 0 ? openApi.versions : [undefined]
    for (const version of versions) {
      const document = await openApi.document(version)

      expect(await new Validator().validate(structuredClone(document) as never)).toMatchObject({ valid: true })
      expect(await validate(structuredClone(document) as never)).toMatchObject({ valid: true })
    }
  })

  it('is the same, byte for byte, each time it is made', async () => {
    const again = await documentOf(WideModule, OpenApiModule)

    expect(JSON.stringify(again)).toBe(JSON.stringify(wide))
  })

  it('names operations by controller and method, each once', () => {
    const ids = Object.values(wide.paths).flatMap((path) => Object.values(path).map((each) => each.operationId))

    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(['productsOffer', 'moreAny', 'moreAnyPut']))
  })

  it('shows fields in the order in which they are declared, whichever library knows of them', () => {
    class Mixed {
      @Expose() readonly first!: string
      @Expose() @IsString() readonly second!: string
      @Doc({ description: 'The third.' }) @Expose() readonly third!: string
      @Expose() @Type(() => Date) readonly fourth!: Date
    }

    expect(describeOutput(Mixed, new InputDescriber(new Set())).map(({ key }) => key)).toEqual([
      'first',
      'second',
      'third',
      'fourth',
    ])
  })

  it('says which of several controllers of a tag is meant, in the words of a reader', () => {
    expect(operation('/products').summary).toBe('Products: list')
    expect(operation('/more/number').summary).toBe('Number')
  })

  it('groups them by controllers, which may say more', () => {
    expect(wide.tags).toEqual([{ name: 'More' }, { name: 'Shop', description: 'All that is sold.' }])
    expect(operation('/products', 'post')).toMatchObject({
      summary: 'Offers a product',
      description: 'It is shown *at once*.',
    })
  })

  it('leaves out what is hidden, and what belongs to operations', () => {
    expect(Object.keys(wide.paths)).not.toContain('/more/secret')
    expect(Object.keys(wide.paths).filter((path) => /health|openapi|docs/.test(path))).toEqual([])
    expect(schema('ProductChanges')['properties']).not.toHaveProperty('isImported')
  })
})

describe('Parameters', () => {
  it('are the fields of a DTO one by one, with the type that text is converted to', () => {
    expect(operation('/products').parameters).toEqual([
      { name: 'text', in: 'query', description: 'Part of the name.', schema: { type: 'string' } },
      { name: 'page', in: 'query', schema: { type: 'integer', minimum: 1, default: 1 } },
      { name: 'sort', in: 'query', schema: { type: 'string', enum: ['name', '-name'] } },
      { name: 'label', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
      { name: 'sold', in: 'query', schema: { type: 'boolean' } },
      { name: 'traceparent', in: 'header', schema: { type: 'string' } },
      { name: 'x-tenant', in: 'header', required: true, description: 'Whose products.', schema: { type: 'string' } },
      { name: 'seen', in: 'cookie', schema: { type: 'string' } },
    ])
  })

  it('of the path are always there, the rest of a path too', () => {
    expect(operation('/products/{id}').parameters?.[0]).toEqual({
      name: 'id',
      in: 'path',
      required: true,
      schema: { type: 'number' },
    })
    expect(operation('/products/files/{rest}').parameters?.[0]).toMatchObject({ name: 'rest', in: 'path' })
  })
})

describe('Bodies', () => {
  it('are taken as JSON and as a form, by the same schema', () => {
    const reference = { schema: { $ref: '#/components/schemas/ProductInput' } }

    expect(operation('/products', 'post').requestBody).toEqual({
      required: true,
      content: { 'application/json': reference, 'application/x-www-form-urlencoded': reference },
    })
  })

  it('with files are forms with their limits, and the other fields beside them', () => {
    const { description, content } = operation('/products/{id}/picture', 'put').requestBody!

    expect(description).toContain('At most 1000 bytes')
    expect(content['multipart/form-data']).toEqual({
      schema: {
        type: 'object',
        properties: {
          name: expect.objectContaining({ type: 'string', maxLength: 40 }),
          picture: { contentMediaType: 'image/png' },
        },
        required: ['name', 'picture'],
      },
      encoding: { picture: { contentType: 'image/png' } },
    })
    expect(operation('/products/{id}/papers', 'post').requestBody?.content).toMatchObject({
      'multipart/form-data': { schema: { properties: { papers: { type: 'array', maxItems: 3 } } } },
    })
  })

  it('by schemas of other libraries say what these say', () => {
    expect(operation('/more/zod', 'post').requestBody?.content['application/json']?.schema).toMatchObject({
      properties: { title: { type: 'string', minLength: 1 } },
      required: ['title'],
    })
  })

  it('are bytes, text, or an object of single fields', () => {
    expect(Object.keys(operation('/more/raw', 'post').requestBody!.content)).toEqual(['application/octet-stream'])
    expect(Object.keys(operation('/more/text', 'post').requestBody!.content)).toEqual([
      'application/json',
      'text/plain',
    ])
    expect(operation('/more/fields', 'post').requestBody?.content['application/json']?.schema).toMatchObject({
      properties: { name: { type: 'string' }, address: { $ref: '#/components/schemas/AddressInput' } },
      required: ['address'],
    })
  })
})

describe('Models', () => {
  it('are two schemas where what comes in differs from what leaves', () => {
    expect(schema('ProductInput')).toMatchObject({ additionalProperties: false })
    expect(Object.keys(schema('ProductInput')['properties'])).toContain('supplier')
    expect(Object.keys(schema('Product')['properties'])).not.toContain('supplier')
    expect(schema('ProductInput')['required']).not.toContain('size')
    expect(schema('Product')['required']).toContain('size')
  })

  it('say rules, types and initial values of fields', () => {
    expect(schema('ProductInput')['properties']).toMatchObject({
      id: { type: ['string', 'null'], format: 'uuid' },
      name: { type: 'string', minLength: 1, maxLength: 40, description: 'What it is called.', examples: ['Chair'] },
      price: { type: 'integer', minimum: 0 },
      size: { type: 'string', enum: ['small', 'large'], default: 'small' },
      level: { type: ['integer', 'null'], enum: [0, 1, null], 'x-enum-varnames': ['Low', 'High'] },
      since: { type: 'string', format: 'date-time' },
      serial: { type: ['string', 'null'], pattern: '^-?\\d+$' },
      labels: { type: 'array', items: { type: 'string' }, maxItems: 5 },
      stock: { type: 'object', additionalProperties: { type: 'integer' } },
      marks: { type: 'array', items: { type: 'string' } },
    })
  })

  it('name the rules that no schema can say', () => {
    expect(schema('ProductInput')['properties']['account']).toEqual({ type: 'string', 'x-rules': ['isIBAN'] })
  })

  it('refer to each other and to themselves', () => {
    expect(schema('ProductInput')['properties']['from']).toEqual({ $ref: '#/components/schemas/AddressInput' })
    expect(schema('Folder')['properties']['folders']).toEqual({
      type: 'array',
      items: { $ref: '#/components/schemas/Folder' },
    })
  })

  it('of several kinds are told apart by the property that names the kind', () => {
    expect(schema('ProductInput')['properties']['shape']).toEqual({
      oneOf: [{ $ref: '#/components/schemas/CircleInput' }, { $ref: '#/components/schemas/SquareInput' }],
      discriminator: {
        propertyName: 'kind',
        mapping: { circle: '#/components/schemas/CircleInput', square: '#/components/schemas/SquareInput' },
      },
    })
    expect(schema('CircleInput')).toMatchObject({
      properties: { kind: { const: 'circle' }, radius: { minimum: 0 } },
      required: expect.arrayContaining(['kind']),
    })
  })

  it('made of others have the rules of the fields they took over', () => {
    expect(schema('ProductChanges')['required']).toBeUndefined()
    expect(Object.keys(schema('ProductChanges')['properties'])).not.toContain('id')
    expect(schema('ProductName')['properties']).toEqual({
      name: { type: 'string', minLength: 1, maxLength: 40, description: 'What it is called.', examples: ['Chair'] },
    })
  })
})

describe('Answers', () => {
  it('are the declared models with their status', () => {
    expect(operation('/products').responses['200']).toMatchObject({
      content: { 'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Product' } } } },
    })
    expect(operation('/products', 'post').responses).toHaveProperty('201')
    expect(operation('/products/imported', 'post').responses).toHaveProperty('202')
    expect(operation('/products/{id}', 'delete').responses['204']).not.toHaveProperty('content')
  })

  it('that accept work for later have no body, unless they declare one', async () => {
    @Controller('/reports')
    class ReportsController {
      @Post()
      @HttpCode(202)
      async order(): Promise<void> {}
    }
    @Module({ controllers: [ReportsController] })
    class ReportsModule {}

    const { paths } = await documentOf(ReportsModule, OpenApiModule)

    expect(paths['/reports']?.post?.responses['202']).not.toHaveProperty('content')
    expect(operation('/products/imported', 'post').responses['202']).toHaveProperty('content')
  })

  it('are text, numbers, bytes, streams and redirects as handlers declare them', () => {
    expect(operation('/more/text', 'post').responses['201']).toMatchObject({ content: { 'text/plain': {} } })
    expect(operation('/more/number').responses['200']).toMatchObject({
      content: { 'application/json': { schema: { type: 'number' } } },
    })
    expect(operation('/more/stream').responses['200']).toMatchObject({ content: { 'text/csv': {} } })
    expect(operation('/products/files/{rest}').responses['200']).toMatchObject({
      content: { 'application/octet-stream': {} },
    })
    expect(operation('/more/elsewhere').responses['302']).toMatchObject({ headers: { location: {} } })
  })

  it('of event streams are events whose data is the model', () => {
    expect(operation('/products/changes').responses['200']).toMatchObject({
      content: {
        'text/event-stream': {
          schema: {
            type: 'array',
            items: {
              properties: {
                data: {
                  contentMediaType: 'application/json',
                  contentSchema: { $ref: '#/components/schemas/ProductName' },
                },
              },
            },
          },
        },
      },
    })
  })

  it('that fail are problem details with the codes to expect', () => {
    const { responses } = operation('/products', 'post')

    expect(responses['409']).toMatchObject({
      content: {
        'application/problem+json': {
          schema: {
            allOf: [
              { $ref: '#/components/schemas/Problem' },
              { properties: { status: { const: 409 }, code: { enum: ['SHOP_PRODUCT_SOLD', 'HTTP_CONFLICT'] } } },
            ],
          },
        },
      },
    })
    expect(JSON.stringify(responses['400'])).toContain('VALIDATION_FAILED')
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '413', '415', 'default']))
  })

  it('that fail have the headers that come with their problems, and no others', () => {
    const { responses } = operation('/products', 'post')

    expect(responses['429']).toMatchObject({
      headers: {
        'retry-after': { description: expect.stringContaining('seconds'), schema: { type: 'integer', minimum: 0 } },
        'x-queue': { description: 'How many wait.', schema: { type: 'string' } },
      },
    })
    expect(responses['401']).toMatchObject({ headers: { 'www-authenticate': { description: expect.any(String) } } })
    expect(responses['401']).not.toHaveProperty('headers.retry-after')
    expect(responses['409']).not.toHaveProperty('headers')
    expect(responses['201']).not.toHaveProperty('headers.retry-after')
  })

  it('carry what interceptors describe: ways to authenticate, and headers', () => {
    expect(operation('/products').security).toEqual([{ bearer: [] }, { key: [] }])
    expect(operation('/more/number').security).toBeUndefined()
    expect(Object.keys(wide.components!.securitySchemes!)).toEqual(['bearer', 'key'])
    expect(operation('/products').responses['200']).toMatchObject({
      headers: { 'x-remaining': { description: 'Calls that are left.' } },
    })
  })

  it('that nobody declares are a warning of the check, where they are written', async () => {
    await using app = await testApp(WideModule, OpenApiModule).boot()
    const warnings = app.logs.lines.filter(({ fields }) => fields['code'] === 'OPENAPI_ANSWER_UNKNOWN')

    expect(warnings.map(({ message }) => message)).toEqual([
      'MoreController.unknown does not say what it answers, so the document of GET /more/unknown and its clients cannot either.',
    ])
    expect(warnings[0]?.fields['at']).toMatch(/wide-application\.ts:\d+/)
  })
})

@Controller('/greetings')
class GreetingsController {
  @Get()
  @Version('1')
  @Deprecated({ since: '2026-01-01', replacement: '/v2/greetings' })
  first(): string {
    return 'hello'
  }

  @Get()
  @Version('2')
  second(): string {
    return 'good day'
  }
}

@Module({ imports: [VersioningModule, OpenApiModule], controllers: [GreetingsController, MoreController] })
class VersionedModule {}

describe('Versions', () => {
  it('have a document each, with what every version has', async () => {
    await using app = await testApp(VersionedModule).boot()
    const openApi = app.get(OpenApi)
    const [first, second] = [await openApi.document('1'), await openApi.document()]

    expect(openApi.versions).toEqual(['1', '2'])
    expect([first.info.version, second.info.version]).toEqual(['1', '2'])
    expect(Object.keys(first.paths)).toEqual(expect.arrayContaining(['/v1/greetings', '/more/number']))
    expect(Object.keys(second.paths).filter((path) => path.includes('greetings'))).toEqual(['/v2/greetings'])
    expect(first.paths['/v1/greetings']?.get).toMatchObject({ deprecated: true, operationId: 'greetingsFirst' })
  })

  it('are asked for by name, and the page switches between them', async () => {
    await using app = await testApp(VersionedModule).boot()

    const first = await app.request('/openapi.json?version=1')
    const unknown = await app.request('/openapi.json?version=9')
    const page = await (await app.request('/docs')).text()

    expect(await first.json()).toMatchObject({ info: { version: '1' } })
    expect(unknown.status).toBe(404)
    expect(await unknown.json()).toMatchObject({ code: 'OPENAPI_VERSION_UNKNOWN' })
    expect(page).toContain('"url":"openapi.json?version=1"')
    expect(page).toContain('"title":"Version 2","slug":"2","url":"openapi.json?version=2","default":true')
  })
})

@Injectable()
class OnlyProducts extends EndpointVisibility {
  isVisible(endpoint: Endpoint, context: CallContext): boolean {
    return context.header('x-seller') === 'yes' || endpoint.type !== ProductsController
  }
}

@Module({ providers: [{ provide: EndpointVisibility, useClass: OnlyProducts }] })
class VisibilityModule {}

describe('Over HTTP', () => {
  it('document and page are answered, with a policy that allows no script from elsewhere', async () => {
    await using app = await testApp(WideModule, OpenApiModule).boot()

    const document = await app.request('/openapi.json')
    const page = await app.request('/docs')
    const script = await app.request('/docs/reference.js', { headers: { 'accept-encoding': 'identity' } })

    expect(await document.json()).toEqual(JSON.parse(JSON.stringify(wide)))
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';")
    expect(script.headers.get('content-encoding')).toBeNull()
    expect((await script.text()).length).toBeGreaterThan(1_000_000)
  })

  it('stand at the paths that settings or the environment choose', async () => {
    const settings = OpenApiModule.with({ path: '/api/description.json' })
    await using app = await testApp(WideModule, settings).env({ OPENAPI_DOCS_PATH: '/api/manual' }).boot()

    expect((await app.request('/api/description.json')).status).toBe(200)
    expect(await (await app.request('/api/manual')).text()).toContain('src="manual/reference.js"')
    expect(await (await app.request('/api/manual')).text()).toContain('"url":"description.json"')
    expect((await app.request('/docs')).status).toBe(404)
  })

  it('are not there in production, unless they are wanted', async () => {
    const inProduction = { TENON_ENV: 'production' }
    await using closed = await testApp(WideModule, OpenApiModule).env(inProduction).boot()
    await using open = await testApp(WideModule, OpenApiModule)
      .env({ ...inProduction, OPENAPI_SERVE: 'true' })
      .boot()

    for (const path of ['/openapi.json', '/docs', '/docs/start.js', '/docs/reference.js']) {
      expect((await closed.request(path)).status).toBe(404)
      expect((await open.request(path)).status).toBe(200)
    }
  })

  it('show callers only what they may call, when asked to', async () => {
    await using app = await testApp(WideModule, VisibilityModule, OpenApiModule.with({ personal: true })).boot()

    const stranger = await app.request('/openapi.json')
    const seller = await app.request('/openapi.json', { headers: { 'x-seller': 'yes' } })

    const shown = (await stranger.json()) as OpenApiDocument
    expect(Object.keys(shown.paths).some((path) => path.startsWith('/products'))).toBe(false)
    expect(Object.keys(shown.components!.schemas!)).not.toContain('Product')
    expect(((await seller.json()) as OpenApiDocument).paths).toHaveProperty('/products')
    expect(stranger.headers.get('cache-control')).toBe('private, no-store')
  })
})

describe('tenon openapi', () => {
  it('makes the document of 500 operations in less than a second of CPU time', async () => {
    const program = join(import.meta.dirname, 'programs', 'five-hundred.js')
    const { stdout } = await promisify(execFile)(process.execPath, [program])
    const [, operations, tookMs] = /^(\d+) operations in (\d+) ms/.exec(stdout) ?? []

    expect(Number(operations)).toBe(500)
    expect(Number(tookMs)).toBeLessThan(1000)
  })

  it('writes the document as JSON and as YAML', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'openapi-'))
    try {
      await using app = await testApp(WideModule, OpenApiModule).boot()
      const { text } = await app.application.run('openapi', { options: { format: 'yaml' } })
      const out = join(folder, 'deep', 'openapi.json')
      await app.application.run('openapi', { options: { out } })

      expect(parse(text)).toEqual(JSON.parse(JSON.stringify(wide)))
      expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(JSON.parse(JSON.stringify(wide)))
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('@Doc', () => {
  it('above a property does not let the property out', async () => {
    class Account {
      @Doc({ description: 'Never to be seen.' }) readonly secret: string = 'hidden'
    }
    @Controller('/accounts')
    class AccountsController {
      @Get()
      @HttpCode(200)
      get(): object {
        return new Account()
      }
    }
    @Module({ controllers: [AccountsController] })
    class AccountsModule {}
    await using app = await testApp(AccountsModule).boot()

    // A class that declares no field is a plain value; the remark has not made it a model.
    expect(await (await app.request('/accounts')).json()).toEqual({ secret: 'hidden' })
  })
})
