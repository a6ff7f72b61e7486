/** The full stack by the framework's own modules: who calls, whether they may, headers, CORS and rate limit. */
import { Body, Controller, createApp, Module, Post, Returns } from 'tenon'
import { Roles } from 'tenon/access'
import { SecurityModule } from 'tenon/security'

import { receiveOrder } from '../shared/receive-order.js'
import { ORIGIN, RATE_LIMIT } from '../shared/settings.js'
import { bearerAndRoles } from './bearer-and-roles.ts'
import { Order, Receipt } from './order.ts'

@Controller('/orders')
class OrdersController {
  @Post()
  @Roles('clerk')
  @Returns(Receipt)
  create(@Body() order: Order): Receipt {
    return receiveOrder(order)
  }
}

const security = SecurityModule.with({
  https: true,
  cors: { origins: [ORIGIN] },
  // In a minute it would be more than one each microsecond, which is no limit.
  limits: [{ limit: RATE_LIMIT, window: '1d' }],
})

@Module({ imports: [security, ...bearerAndRoles], controllers: [OrdersController] })
class AppModule {}

const app = await createApp(AppModule)
await app.listen()
