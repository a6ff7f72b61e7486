import { Body, Controller, createApp, Module, Post, Returns } from 'tenon'

import { receiveOrder } from '../shared/receive-order.js'
import { Order, Receipt } from './order.ts'

@Controller('/orders')
class OrdersController {
  @Post()
  @Returns(Receipt)
  create(@Body() order: Order): Receipt {
    return receiveOrder(order)
  }
}

@Module({ controllers: [OrdersController] })
class AppModule {}

const app = await createApp(AppModule)
await app.listen()
