import { Body, Controller, Module, Post } from '@nestjs/common'

import { receiveOrder } from '../shared/receive-order.js'
import { Order } from './order.ts'
import { serveNest, validating } from './serve-nest.ts'

@Controller('orders')
class OrdersController {
  @Post()
  create(@Body() order: Order) {
    return receiveOrder(order)
  }
}

@Module({ controllers: [OrdersController] })
class AppModule {}

await serveNest(AppModule, validating)
