/** A small application with something of everything the tool asks about. */
import {
  Command,
  CommandResult,
  Config,
  Controller,
  Ctx,
  Env,
  Get,
  Injectable,
  Interceptor,
  Module,
  Param,
  Public,
  Query,
  Skip,
  type CallContext,
  type CommandContext,
  type Contribution,
  type EndpointInterceptor,
  type InterceptorDescription,
} from 'tenon'

@Config('shop')
export class ShopConfig {
  @Env('SHOP_NAME', { default: 'Corner', description: 'What stands above the door' })
  readonly name!: string

  @Env('SHOP_KEY', { optional: true, secret: true })
  readonly key?: string
}

@Injectable()
export class Stock {
  readonly #config: ShopConfig

  constructor(config: ShopConfig) {
    this.#config = config
  }

  @Command('stock:add <name> [shelf]', {
    description: 'Adds goods',
    options: { amount: 'how many', dryRun: 'only say so' },
    examples: ['tenon stock add nails --amount 3'],
    starts: false,
  })
  add(
    @Ctx() context: CommandContext,
    @Param('name') name: string,
    @Param('shelf') shelf?: string,
    @Query('amount') amount?: number,
    @Query('dryRun') dryRun?: boolean,
  ): CommandResult {
    context.progress('counting', { done: 1, total: 2 })
    const data = { name, shelf, amount, dryRun, shop: this.#config.name }
    return new CommandResult({ data, text: `${amount ?? 1} ${name}` })
  }

  @Command('test:shelves', { description: 'Shakes the shelves', examples: ['tenon test shelves'], starts: false })
  shake(): CommandResult {
    return new CommandResult({ data: { fell: 0 }, text: 'Nothing fell.' })
  }
}

@Interceptor({ phase: 'authorize', on: ['http'] })
export class Doorman implements EndpointInterceptor {
  forEndpoint(): Contribution {
    return { before: () => undefined }
  }

  describe(): InterceptorDescription {
    return { does: 'lets in whoever is polite' }
  }
}

@Controller('/goods')
export class GoodsController {
  @Get('/:id')
  get(@Param('id') id: number): object {
    return { id }
  }

  @Public('the window')
  @Skip(Doorman, 'everybody may look')
  @Get()
  list(@Ctx() context: CallContext): object {
    return { tenant: context.tenant }
  }
}

@Module({ controllers: [GoodsController], providers: [Stock, ShopConfig], interceptors: [Doorman] })
export class ShopModule {}
