/** The full stack with the middleware Express applications use, mounted as it is. */
import { Body, Controller, createApp, Module, Post, Returns } from 'tenon'

import { accessLog, protection } from '../shared/express-middleware.js'
import { receiveOrder } from '../shared/receive-order.js'
import { AuthInterceptor, Roles, RolesInterceptor } from './access.ts'
import { Order, Receipt } from './order.ts'
import { RequestIdInterceptor } from './protection.ts'

@Controller('/orders')
class OrdersController {
  @Post()
  @Roles(['clerk'])
  @Returns(Receipt)
  create(@Body() order: Order): Receipt {
    return receiveOrder(order)
  }
}

@Module({ controllers: [OrdersController], interceptors: [RequestIdInterceptor, AuthInterceptor, RolesInterceptor] })
class AppModule {}

const app = await createApp(AppModule)
app.use(accessLog(), ...protection())
await app.listen()
