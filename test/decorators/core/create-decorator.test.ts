import { Expose } from 'tenon/validation'

import {
  applyDecorators,
  compose,
  Controller,
  createDecorator,
  createParamDecorator,
  Get,
  Header,
  HttpCode,
  Module,
  Returns,
  SetHeader,
  Throws,
  token,
} from 'tenon'
import { RETURNS, SET_HEADERS, THROWS } from 'tenon/decorators'
import { testApp } from 'tenon/testing'

const Feature = createDecorator<string>('shop.feature')

const Tagged = (name: string): ClassDecorator & MethodDecorator =>
  compose(SetHeader('x-a', name), SetHeader('x-b', name))

const Agent = createParamDecorator((prefix: string, context) => `${prefix}${context.header('x-agent')}`)

class Answer {
  @Expose()
  readonly text!: string
}

@Feature('shop')
@Controller('/shop')
class ShopController {
  @Get('/one')
  @Feature('checkout')
  @Tagged('one')
  @HttpCode(202)
  @Throws(RangeError, TypeError)
  @Returns(Answer, { status: 202, array: true })
  one(@Agent('agent ') agent: string): string {
    return agent
  }

  @Get('/two')
  two(@Header('x-agent') agent: string): string {
    return agent
  }
}

@Module({ controllers: [ShopController] })
class ShopModule {}

describe('createDecorator', () => {
  it('records a typed value that an endpoint reads: of the method, else of the class', async () => {
    await using app = await testApp(ShopModule).boot()
    const [one, two] = ['one', 'two'].map((method) =>
      app.application.graph.endpoints.find((endpoint) => endpoint.method === method),
    )

    expect(one?.read(Feature)).toBe('checkout')
    expect(two?.read(Feature)).toBe('shop')
    expect(two?.read(createDecorator<string>('shop.feature'))).toBeUndefined()
  })
})

describe('compose', () => {
  it('applies decorators as if they were written one below the other', () => {
    expect(SET_HEADERS.read(ShopController, 'one')).toEqual([
      { name: 'x-a', value: 'one' },
      { name: 'x-b', value: 'one' },
    ])
  })

  it('is what Nest users call applyDecorators', () => {
    expect(applyDecorators).toBe(compose)
  })
})

describe('createParamDecorator', () => {
  it('computes an argument from its data and the call', async () => {
    @Controller('/agents')
    class AgentsController {
      @Get('/')
      get(@Agent('is ') agent: string): string {
        return agent
      }
    }

    @Module({ controllers: [AgentsController] })
    class AgentsModule {}

    await using app = await testApp(AgentsModule).boot()
    const response = await app.request('/agents', { headers: { 'x-agent': 'smith' } })

    expect(await response.text()).toBe('is smith')
  })
})

describe('The decorators of an answer', () => {
  it('record status, models and errors in the order they are written', () => {
    expect(THROWS.read(ShopController, 'one')).toEqual([RangeError, TypeError])
    expect(RETURNS.read(ShopController, 'one')).toEqual([{ type: Answer, status: 202, array: true }])
  })
})

describe('token', () => {
  it('is a name of its own, whatever it is called', () => {
    const one = token<string>('Name')

    expect(String(one)).toBe('Name')
    expect(one).not.toBe(token<string>('Name'))
    expect(one.at.file).toBe(import.meta.url)
  })
})
