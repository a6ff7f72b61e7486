/** Drivers in ES modules, against the real servers: what they send has its span, under the one that caused it. */
import { Controller, Get, Module, Public } from 'tenon'
import { BaseRepository, Column, DataModule, Entity, PrimaryGeneratedColumn, Repository } from 'tenon/data'
import { ObservabilityModule } from 'tenon/observability'
import { Redis, RedisModule } from 'tenon/redis'
import { testApp } from 'tenon/testing'

import { onEveryDatabase } from '../../data/on-every-database.ts'
import { describeWithRedis, RedisServer } from '../../redis/redis-server.ts'
import { CLIENT, Collector } from '../collector.ts'

@Entity()
class Parcel {
  @PrimaryGeneratedColumn() id!: number
  @Column() label!: string
}

@Repository(Parcel)
class Parcels extends BaseRepository<Parcel> {}

@Controller('/parcels')
@Public('An example.')
class ParcelsController {
  constructor(private readonly parcels: Parcels) {}

  @Get('/')
  async count(): Promise<object> {
    return this.parcels.find({ where: { label: 'secret-value' } })
  }
}

@Module({
  imports: [DataModule.with({ synchronize: true }), ObservabilityModule],
  controllers: [ParcelsController],
  providers: [Parcels],
})
class ParcelsModule {}

const SYSTEMS = { sqlite: 'sqlite', postgres: 'postgresql', mariadb: 'mariadb' }

onEveryDatabase('Spans of statements', ({ kind, create }) => {
  it('name the system and stand under the handler that asked', async () => {
    await using created = await create()
    await using collector = new Collector()
    await using app = await testApp(ParcelsModule)
      .env({ ...(await collector.variables()), DATABASE_URL: created.url })
      .boot()

    await app.request('/parcels')

    await collector.from(app)
    const span = collector.one('SELECT parcel')
    expect(span).toMatchObject({ kind: CLIENT, attributes: { 'db.system.name': SYSTEMS[kind] } })
    expect(collector.pathOf(span)).toEqual(['GET /parcels', 'ParcelsController.count', 'SELECT parcel'])
    expect(JSON.stringify(collector.spans)).not.toContain('secret-value')
  })
})

@Controller('/carts')
@Public('An example.')
class CartsController {
  constructor(private readonly redis: Redis) {}

  @Get('/')
  async fill(): Promise<unknown> {
    await this.redis.send('SET', this.redis.key('secret-key'), 'secret-value')
    return this.redis.send('INCR', this.redis.key('secret-key')).catch((error: Error) => error.message)
  }
}

@Module({ imports: [RedisModule, ObservabilityModule], controllers: [CartsController] })
class CartsModule {}

describeWithRedis('Spans of commands to Redis', () => {
  it('name the command, neither keys nor values, and whether it failed', async () => {
    await using server = await RedisServer.start()
    await using collector = new Collector()
    await using app = await testApp(CartsModule)
      .env({ ...(await collector.variables()), REDIS_URL: server.url })
      .boot()

    await app.request('/carts')

    await collector.from(app)
    const set = collector.one('SET')
    expect(set).toMatchObject({
      kind: CLIENT,
      status: { code: 0 },
      attributes: { 'db.system.name': 'redis', 'db.operation.name': 'SET', 'server.port': server.port },
    })
    expect(collector.pathOf(set)).toEqual(['GET /carts', 'CartsController.fill', 'SET'])
    expect(collector.one('INCR').status).toMatchObject({ code: 2 })
    expect(JSON.stringify(collector.spans)).not.toContain('secret-')
  })
})
