/** The full stack. The access log is the framework's own, to standard output. */
import { Body, Controller, createApp, Module, Post, Returns } from 'tenon'

import { receiveOrder } from '../shared/receive-order.js'
import { AuthInterceptor, Roles, RolesInterceptor } from './access.ts'
import { Order, Receipt } from './order.ts'
import { CorsInterceptor, RateLimitInterceptor, RequestIdInterceptor, SecurityHeaders } from './protection.ts'

@Controller('/orders')
@SecurityHeaders()
class OrdersController {
  @Post()
  @Roles(['clerk'])
  @Returns(Receipt)
  create(@Body() order: Order): Receipt {
    return receiveOrder(order)
  }
}

@Module({
  controllers: [OrdersController],
  interceptors: [RequestIdInterceptor, CorsInterceptor, RateLimitInterceptor, AuthInterceptor, RolesInterceptor],
})
class AppModule {}

const app = await createApp(AppModule)
await app.listen()
