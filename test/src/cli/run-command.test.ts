import {
  Command,
  CommandContext,
  CommandResult,
  Ctx,
  CurrentUser,
  Injectable,
  Interceptor,
  Module,
  Param,
  Query,
  type CallContext,
  type CallInterceptor,
  type Next,
  type Principal,
} from 'tenon'
import { testApp } from 'tenon/testing'
import { IsInt, IsOptional, Min } from 'class-validator'

class AddOptions {
  @IsOptional()
  @IsInt()
  @Min(1)
  readonly amount: number = 1
}

@Injectable()
class Stock {
  @Command('stock:add <name> [shelf]', { description: 'Adds goods', options: { amount: 'How many' } })
  add(@Param('name') name: string, @Query() { amount }: AddOptions, @Param('shelf') shelf = 'A'): CommandResult {
    return new CommandResult({ data: { name, amount, shelf }, text: `${amount} ${name} on ${shelf}` })
  }

  @Command('stock:who', { description: 'Says who asks' })
  who(@CurrentUser() user: Principal, @Ctx() context: CommandContext): string {
    context.progress('asking')
    return `${user.kind} ${context.endpoint.transport}`
  }

  @Command('stock:count', { description: 'Counts' })
  count(@Query('deep') deep?: boolean): unknown {
    return { deep }
  }
}

const SEEN: string[] = []

@Interceptor({ phase: 'observe' })
class Noting implements CallInterceptor {
  intercept(context: CallContext, next: Next): unknown {
    context.onSettled(({ status }) => SEEN.push(`${context.endpoint.name} ${status}`))
    return next()
  }
}

@Module({ providers: [Stock], interceptors: [Noting] })
class StockModule {}

describe('Application.run', () => {
  it('binds arguments and options by name, converted and validated', async () => {
    await using app = await testApp(StockModule).boot()

    const result = await app.application.run('stock:add', { arguments: { name: 'nails' }, options: { amount: '12' } })

    expect(result).toMatchObject({
      data: { name: 'nails', amount: 12, shelf: 'A' },
      text: '12 nails on A',
      exitCode: 0,
    })
  })

  it('refuses what does not fit, as over HTTP', async () => {
    await using app = await testApp(StockModule).boot()

    const refused = app.application.run('stock:add', {
      arguments: { name: 'nails' },
      options: { amount: '0', colour: 'red' },
    })

    await expect(refused).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: expect.arrayContaining([
        expect.objectContaining({ pointer: '#/query/amount' }),
        expect.objectContaining({ pointer: '#/query/colour' }),
      ]),
    })
  })

  it('is an endpoint like every other: interceptors see it, and its caller is the operator', async () => {
    await using app = await testApp(StockModule).boot()
    const lines: string[] = []

    const result = await app.application.run('stock:who', { onProgress: (line) => lines.push(line) })

    expect(result.text).toBe('operator command')
    expect(lines).toEqual(['asking'])
    expect(SEEN).toContain('Stock.who 200')
  })

  it('prints plain answers as JSON', async () => {
    await using app = await testApp(StockModule).boot()

    const result = await app.application.run('stock:count', { options: { deep: 'true' } })

    expect(JSON.parse(result.text)).toEqual({ deep: true })
  })

  it('names the nearest command when there is none', async () => {
    await using app = await testApp(StockModule).boot()

    await expect(app.application.run('stock:ad')).rejects.toThrow(
      'There is no command "stock:ad". Did you mean stock:add?',
    )
  })
})
