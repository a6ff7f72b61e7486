import { Controller, Get, Module, Post, Public, Service } from 'tenon'
import { DataModule, Transactional, UnitOfWork } from 'tenon/data'
import { testApp } from 'tenon/testing'

import { Customer, Ticket, Tickets } from '../tickets.ts'

@Service()
class Desk {
  constructor(
    private readonly tickets: Tickets,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  @Transactional()
  async openTwo(fails: boolean): Promise<boolean> {
    await this.tickets.insert({ title: 'one' })
    await this.#another(fails)
    return this.unitOfWork.isActive
  }

  /** Called through `this`, it is intercepted as well. */
  @Transactional({ propagation: 'nested' })
  async tryOne(): Promise<void> {
    await this.tickets.insert({ title: 'tried' })
    throw new Error('no')
  }

  @Transactional()
  async tryAndGoOn(): Promise<void> {
    await this.tryOne().catch(() => undefined)
    await this.tickets.insert({ title: 'kept' })
  }

  attempts = 0

  @Transactional({ retry: { times: 2, pauseMs: 1 } })
  async conflicting(): Promise<number> {
    this.attempts += 1
    await this.tickets.insert({ title: `attempt ${this.attempts}` })
    if (this.attempts < 3) await this.unitOfWork.manager.query('SELECT raise_conflict()')
    return this.attempts
  }

  async #another(fails: boolean): Promise<void> {
    await this.tickets.insert({ title: 'two' })
    if (fails) throw new Error('no')
  }
}

@Transactional()
@Service()
class Everything {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async isActive(): Promise<boolean> {
    return this.unitOfWork.isActive
  }
}

class Inheriting extends Everything {
  async isActiveToo(): Promise<boolean> {
    return this.isActive()
  }
}

@Controller('/tickets')
@Public('a test')
class TicketsController {
  constructor(
    private readonly tickets: Tickets,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  @Transactional()
  @Post()
  async create(): Promise<object> {
    await this.tickets.insert({ title: 'posted' })
    throw new Error('no')
  }

  @Get()
  list(): object {
    return { active: this.unitOfWork.isActive }
  }
}

@Module({
  imports: [DataModule.with({ entities: [Ticket, Customer], synchronize: true })],
  providers: [Tickets, Desk, Everything, Inheriting],
  controllers: [TicketsController],
})
class DeskModule {}

const titles = async (tickets: Tickets) => (await tickets.find()).map(({ title }) => title)

describe('@Transactional', () => {
  it('commits what a service method did, and rolls it back when it throws', async () => {
    await using app = await testApp(DeskModule).boot()
    const desk = app.get(Desk)

    await expect(desk.openTwo(true)).rejects.toThrow('no')
    expect(await titles(app.get(Tickets))).toEqual([])
    expect(await desk.openTwo(false)).toBe(true)
    expect(await titles(app.get(Tickets))).toEqual(['one', 'two'])
  })

  it('holds for calls through this, with the propagation of the method that is called', async () => {
    await using app = await testApp(DeskModule).boot()

    await app.get(Desk).tryAndGoOn()

    expect(await titles(app.get(Tickets))).toEqual(['kept'])
  })

  it('holds for every method that the class and its subclasses write', async () => {
    await using app = await testApp(DeskModule).boot()

    expect(await app.get(Everything).isActive()).toBe(true)
    expect(await app.get(Inheriting).isActiveToo()).toBe(true)
  })

  it('holds for a route, and only for the one that is marked', async () => {
    await using app = await testApp(DeskModule).boot()

    const posted = await app.request('/tickets', { method: 'POST' })
    const listed = await app.request('/tickets')

    expect(posted.status).toBe(500)
    expect(await titles(app.get(Tickets))).toEqual([])
    expect(await listed.json()).toEqual({ active: false })
  })

  it('runs the method again when the database asks for it', async () => {
    await using app = await testApp(DeskModule).boot()
    const desk = app.get(Desk)
    let query = 0
    const { driver } = app.get(UnitOfWork).manager.dataSource as unknown as {
      driver: { databaseConnection: { prepare: (sql: string) => unknown } }
    }
    const { databaseConnection } = driver
    const prepare = databaseConnection.prepare.bind(databaseConnection)
    databaseConnection.prepare = (sql) => {
      if (!sql.includes('raise_conflict')) return prepare(sql)
      query += 1
      throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY_SNAPSHOT' })
    }

    expect(await desk.conflicting()).toBe(3)
    expect(query).toBe(2)
    expect(await titles(app.get(Tickets))).toEqual(['attempt 3'])
    desk.attempts = -5
    await expect(desk.conflicting()).rejects.toMatchObject({ code: 'DATA_TRANSACTION_CONFLICT', status: 503 })
    expect(desk.attempts).toBe(-2)
  })

  it('refuses at start a class with a method that would become a promise', async () => {
    const notAsync: ClassDecorator = Transactional()
    @notAsync
    @Service()
    class Sums {
      add(): number {
        return 1 + 1
      }
    }
    @Module({ imports: [DataModule], providers: [Sums] })
    class SumsModule {}

    await expect(testApp(SumsModule).boot()).rejects.toMatchObject({
      code: 'DATA_TRANSACTIONAL_NOT_ASYNC',
      message: expect.stringContaining('Sums.add'),
    })
  })

  it('stands above methods that answer promises only', () => {
    class Misuse {
      // @ts-expect-error its result would become a promise
      @Transactional()
      now(): number {
        return 1
      }
    }
    // @ts-expect-error so would that of now()
    const decorate = () => Transactional()(Misuse)

    expect(decorate).toBeInstanceOf(Function)
  })
})
