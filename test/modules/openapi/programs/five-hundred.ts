/** How long the document of 500 operations with 500 models takes: `node dist/test/modules/openapi/programs/five-hundred.js`. */
import { Body, Controller, createApp, Module, Post, Returns, type Class } from 'tenon'
import { OpenApi, OpenApiModule } from 'tenon/openapi'
import { IsString, Length } from 'tenon/validation'

const CONTROLLERS = 50
const OPERATIONS = 10
const FIELDS = 8

function named(name: string): Class<object> {
  const type = class {}
  Object.defineProperty(type, 'name', { value: name })
  return type
}

function model(name: string): Class<object> {
  const type = named(name)
  for (let field = 0; field < FIELDS; field++) {
    for (const decorate of [IsString(), Length(1, 40)]) decorate(type.prototype as object, `field${field}`)
    Reflect.defineMetadata('design:type', String, type.prototype as object, `field${field}`)
  }
  return type
}

function controller(index: number): Class {
  const type = named(`Things${index}Controller`)
  const prototype = type.prototype as Record<string, () => void>
  for (let operation = 0; operation < OPERATIONS; operation++) {
    const method = `change${operation}`
    const taken = model(`Thing${index}Of${operation}`)
    prototype[method] = () => undefined
    Reflect.defineMetadata('design:paramtypes', [taken], prototype, method)
    Body()(prototype, method, 0)
    for (const decorate of [Post(`/${operation}`), Returns(taken)]) {
      decorate(prototype, method, Object.getOwnPropertyDescriptor(prototype, method)!)
    }
  }
  Controller(`/things/${index}`)(type)
  return type
}

@Module({ imports: [OpenApiModule], controllers: Array.from({ length: CONTROLLERS }, (_, index) => controller(index)) })
class ManyModule {}

const app = await createApp(ManyModule, { env: { TENON_ENV: 'test' } })
const before = process.cpuUsage()
const document = await app.get(OpenApi).document()
const { user, system } = process.cpuUsage(before)
const tookMs = Math.round((user + system) / 1000)
process.stdout.write(`${Object.keys(document.paths).length} operations in ${tookMs} ms of CPU time\n`)
await app.close()
