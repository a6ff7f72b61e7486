import { Controller, Get, Module, NotFoundException, Param, ParseIntPipe, Query } from '@nestjs/common'
import { DataSource } from 'typeorm'

import { openDataSource } from '../shared/data-source.js'
import { Ticket } from '../shared/ticket-entity.js'
import { serveNest } from './serve-nest.ts'

@Controller('tickets')
class TicketsController {
  constructor(private readonly source: DataSource) {}

  @Get(':id')
  async find(@Param('id', ParseIntPipe) id: number) {
    const ticket = await this.source.getRepository(Ticket).findOneBy({ id })
    if (!ticket) throw new NotFoundException()
    return ticket
  }

  @Get()
  list(@Query('limit', ParseIntPipe) take: number) {
    return this.source.getRepository(Ticket).find({ order: { id: 'ASC' }, take })
  }
}

@Module({
  controllers: [TicketsController],
  providers: [{ provide: DataSource, useFactory: openDataSource }],
})
class AppModule {}

await serveNest(AppModule)
