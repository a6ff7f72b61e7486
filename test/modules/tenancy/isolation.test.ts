import { actAs } from 'tenon'
import { count, In, IsNull, max, Not, Raw, UnitOfWork, Database, DataModule } from 'tenon/data'
import { acrossTenants, runAsTenant } from 'tenon/tenancy'
import { testApp, type TestApp } from 'tenon/testing'

import { onEveryDatabase } from '../data/on-every-database.ts'
import { Customer, Customers, DeskModule, Label, Labels, Plans, Ticket, Tickets } from './desk.ts'

interface World extends AsyncDisposable {
  readonly app: TestApp
  readonly tickets: Tickets
  readonly customers: Customers
  readonly labels: Labels
  readonly plans: Plans
  readonly database: Database
  readonly unitOfWork: UnitOfWork
  /** Ids of what `globex` has. */
  readonly theirs: { readonly ticket: number; readonly customer: number; readonly label: number }
}

const asAcme = <T>(work: () => Promise<T>): Promise<T> => runAsTenant('acme', work)
const asGlobex = <T>(work: () => Promise<T>): Promise<T> => runAsTenant('globex', work)

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    return `fine: ${JSON.stringify(await work)}`
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}

onEveryDatabase('Rows of tenants', (database) => {
  const quote = (name: string): string => (database.kind === 'mariadb' ? `\`${name}\`` : `"${name}"`)
  const mark = (index: number): string => (database.kind === 'postgres' ? `$${index}` : '?')

  async function boot(): Promise<World> {
    const created = await database.create()
    const app = await testApp(DeskModule, DataModule.with({ url: created.url, synchronize: true })).boot()
    const [tickets, customers, labels, plans] = [app.get(Tickets), app.get(Customers), app.get(Labels), app.get(Plans)]
    const plan = await plans.insert({ name: 'free' })
    const fill = async (name: string): Promise<World['theirs']> => {
      const customer = await customers.insert({ email: 'ada@example.com', plan })
      const label = await labels.insert({ text: `${name} label` })
      const ticket = await tickets.save(
        Object.assign(new Ticket(), { title: `${name} one`, rank: 1, customer, labels: [label] }),
      )
      await tickets.insertMany([
        { title: `${name} two`, rank: 2 },
        { title: `${name} three`, rank: 3 },
      ])
      return { ticket: ticket.id, customer: customer.id, label: label.id }
    }
    const theirs = await asGlobex(() => fill('globex'))
    await asAcme(() => fill('acme'))
    return {
      app,
      tickets,
      customers,
      labels,
      plans,
      theirs,
      database: app.get(Database),
      unitOfWork: app.get(UnitOfWork),
      [Symbol.asyncDispose]: async () => {
        await app.close()
        await created[Symbol.asyncDispose]()
      },
    }
  }

  it('are found by nobody else, however they are asked for', async () => {
    await using world = await boot()
    const {
      tickets,
      customers,
      theirs,
      database: { source },
    } = world
    const repository = source.getRepository(Ticket)
    const builder = () => repository.createQueryBuilder('t')

    const own = await asAcme(async () => ({
      find: (await tickets.find()).map(({ title }) => title),
      again: (await tickets.find()).map(({ title }) => title),
      byId: await tickets.findOneBy({ id: theirs.ticket }),
      orFail: await codeOf(tickets.findOrFail(theirs.ticket)),
      count: await tickets.count(),
      exists: await tickets.existsBy({ id: theirs.ticket }),
      alternatives: (await tickets.findBy([{ title: 'acme one' }, { id: theirs.ticket }])).length,
      not: (await tickets.findBy({ title: Not('acme one') })).length,
      page: (await tickets.paginate({ size: 2, page: 1 })).total,
      cursor: (await tickets.query().orderBy({ title: 'ASC' }).paginateByCursor({ size: 10 })).items.length,
      first: (await tickets.where({ rank: 1 }).first())?.title,
      relation: (await tickets.findBy({ customer: { email: 'ada@example.com' } })).length,
      with: (await tickets.find({ relations: { customer: { plan: true }, labels: true }, order: { id: 'ASC' } })).map(
        ({ title, labels, customer }) => [title, labels.length, customer?.plan?.name],
      ),
      down: (await customers.find({ relations: { tickets: true } })).flatMap((each) => each.tickets.length),
      deleted: (await tickets.find({ withDeleted: true })).length,
      typeorm: (await repository.find()).length,
      typeormOr: (await repository.find({ where: [{ rank: 1 }, { rank: Raw((path) => `${path} > 0 OR 1 = 1`) }] }))
        .length,
      manager: await source.manager.countBy(Ticket, {}),
      max: await repository.maximum('rank', {}),
      sum: await repository.sum('rank'),
      many: await builder().getCount(),
      or: (await builder().where('t.rank > 0').orWhere('1 = 1').getMany()).length,
      joined: (await builder().innerJoinAndSelect('t.customer', 'c').getMany()).length,
      mapped: await builder()
        .leftJoin(Customer, 'c', '1 = 1')
        .select('COUNT(*)', 'n')
        .getRawOne<{ n: number | string }>(),
      from: (await source.createQueryBuilder().select('x.title', 'title').from(Ticket, 'x').getRawMany()).length,
      sub: (
        await builder()
          .where((query) => `t.id IN ${query.subQuery().select('s.id').from(Ticket, 's').getQuery()}`)
          .getMany()
      ).length,
      stream: await iterated(tickets),
    }))

    const three = ['acme one', 'acme two', 'acme three']
    expect(own).toEqual({
      find: three,
      again: three,
      byId: null,
      orFail: 'DATA_ENTITY_NOT_FOUND',
      count: 3,
      exists: false,
      alternatives: 1,
      not: 2,
      page: 3,
      cursor: 3,
      first: 'acme one',
      relation: 1,
      with: [
        ['acme one', 1, 'free'],
        ['acme two', 0, undefined],
        ['acme three', 0, undefined],
      ],
      down: [1],
      deleted: 3,
      typeorm: 3,
      typeormOr: 3,
      manager: 3,
      max: 3,
      sum: 6,
      many: 3,
      or: 3,
      joined: 1,
      mapped: own.mapped,
      from: 3,
      sub: 3,
      stream: ['acme', 'acme', 'acme'],
    })
    expect(Number(own.mapped?.n)).toBe(3)
    expect(await acrossTenants('the sum of both', () => tickets.count())).toBe(6)
    expect(await acrossTenants('both', () => tickets.find())).toHaveLength(6)
    expect(await asAcme(() => tickets.find())).toHaveLength(3)
  })

  it('are selected, joined and counted by nobody else', async () => {
    await using world = await boot()
    const { tickets, customers, theirs } = world

    const own = await asAcme(async () => ({
      rows: await tickets.select({ rows: count(), most: max('title') }),
      foreign: await tickets.select({ title: 'title' }).where({ id: theirs.ticket }, { rank: 9 }),
      joined: await tickets.join('customer').select({ title: 'title', email: 'customer.email' }),
      left: await tickets.leftJoin('customer').select({ rows: count(), known: count('customer.id') }),
      down: await customers.join('tickets').select({ email: 'email', rows: count() }),
    }))

    expect(own).toEqual({
      rows: [{ rows: 3, most: 'acme two' }],
      foreign: [],
      joined: [{ title: 'acme one', email: 'ada@example.com' }],
      left: [{ rows: 3, known: 1 }],
      down: [{ email: 'ada@example.com', rows: 1 }],
    })
  })

  it('are read by a plan that is kept for all tenants', async () => {
    await using world = await boot()
    const { tickets } = world

    const titles = []
    for (const tenant of ['acme', 'globex', 'acme', 'nobody']) {
      titles.push(await runAsTenant(tenant, async () => (await tickets.findBy({ rank: 1 })).map(({ title }) => title)))
    }
    const pages = []
    for (const tenant of ['acme', 'globex']) {
      pages.push(
        await runAsTenant(tenant, async () => (await tickets.paginate({ size: 2, relations: { labels: true } })).total),
      )
    }

    expect(titles).toEqual([['acme one'], ['globex one'], ['acme one'], []])
    expect(pages).toEqual([3, 3])
  })

  it('are changed by nobody else', async () => {
    await using world = await boot()
    const {
      tickets,
      theirs,
      database: { source },
      customers,
    } = world
    const repository = source.getRepository(Ticket)
    const id = theirs.ticket
    const stolen = await asGlobex(() => tickets.findOrFail(id))

    const attacks = await asAcme(async () => ({
      update: await tickets.update(id, { title: 'x' }),
      delete: await tickets.delete(id),
      softDelete: await tickets.softDelete(id),
      restore: await tickets.restore(id),
      query: await tickets.where({ id }).update({ title: 'x' }),
      queryDelete: await tickets.where({ id: In([id]) }).delete(),
      builder: (await repository.createQueryBuilder().update().set({ title: 'x' }).where('1 = 1 OR 1 = 1').execute())
        .affected,
      all: (await source.createQueryBuilder().update(Ticket).set({ rank: 9 }).execute()).affected,
      remove: await codeOf(repository.remove(Object.assign(new Ticket(), { id }))),
      increment: (await repository.increment({ id }, 'rank', 5)).affected,
      save: (await codeOf(tickets.save(Object.assign(new Ticket(), { id, title: 'x' })))).replace(/^fine.*/, 'fine'),
      saveStolen: await codeOf(tickets.save(Object.assign(stolen, { title: 'x' }))),
      upsert: await codeOf(tickets.upsert({ id, title: 'x' }, ['id'])),
      relation: await codeOf(
        source
          .createQueryBuilder()
          .relation(Customer, 'tickets')
          .of((await customers.find())[0]!.id)
          .add(id),
      ),
      unlink: await codeOf(source.createQueryBuilder().relation(Ticket, 'labels').of(id).remove(theirs.label)),
      owner: await codeOf(tickets.update((await tickets.find())[0]!.id, { tenantId: 'globex' })),
      clear: await codeOf(repository.clear()),
    }))

    expect({ ...attacks, remove: '', relation: '', unlink: '' }).toEqual({
      update: 0,
      delete: 0,
      softDelete: 0,
      restore: 0,
      query: 0,
      queryDelete: 0,
      builder: 3,
      all: 3,
      remove: '',
      increment: 0,
      save: database.kind === 'postgres' ? 'fine' : 'DATA_DUPLICATE_ROW',
      saveStolen: 'DATA_ROW_FOREIGN',
      upsert: 'DATA_KEY_TAKEN',
      relation: '',
      unlink: '',
      owner: 'DATA_ROW_FOREIGN',
      clear: 'DATA_STATEMENT_UNOWNED',
    })
    const left = await asGlobex(() =>
      tickets.find({ relations: { customer: true, labels: true }, order: { id: 'ASC' }, withDeleted: true }),
    )
    expect(left.map(({ title, rank, deletedAt }) => [title, rank, deletedAt])).toEqual([
      ['globex one', 1, null],
      ['globex two', 2, null],
      ['globex three', 3, null],
    ])
    expect(left[0]?.customer?.id).toBe(theirs.customer)
    expect(left[0]?.labels.map(({ id: label }) => label)).toEqual([theirs.label])
  })

  it('get their tenant by themselves, and never another', async () => {
    await using world = await boot()
    const {
      tickets,
      customers,
      database: { source },
    } = world

    const made = await asAcme(async () => {
      const one = await tickets.insert({ title: 'new' })
      const two = await tickets.save(Object.assign(new Ticket(), { title: 'newer' }))
      const foreign = Object.assign(new Ticket(), { title: 'x', tenantId: 'globex' })
      return {
        one: one.tenantId,
        two: two.tenantId,
        insert: await codeOf(tickets.insert(foreign)),
        save: await codeOf(tickets.save(foreign)),
        many: await codeOf(tickets.insertMany([{ title: 'x' }, { title: 'x', tenantId: 'globex' }])),
        builder: await codeOf(
          source
            .createQueryBuilder()
            .insert()
            .into(Ticket)
            .values({ title: 'x', tenantId: () => "'globex'" })
            .execute(),
        ),
        columns: (
          await codeOf(
            source
              .createQueryBuilder()
              .insert()
              .into(Ticket, ['title'])
              .values({ title: 'y' })
              .callListeners(false)
              .execute(),
          )
        ).slice(0, 4),
        email: await codeOf(customers.insert({ email: 'ada@example.com' })),
        upsert: await codeOf(customers.upsert({ email: 'ada@example.com' }, ['email'])),
        upsertNew: await codeOf(customers.upsert({ email: 'eve@example.com' }, ['email'])),
      }
    })

    expect(made).toEqual({
      one: 'acme',
      two: 'acme',
      insert: 'DATA_ROW_FOREIGN',
      save: 'DATA_ROW_FOREIGN',
      many: 'DATA_ROW_FOREIGN',
      builder: 'DATA_ROW_FOREIGN',
      columns: 'fine',
      email: 'DATA_DUPLICATE_ROW',
      upsert: 'fine: undefined',
      upsertNew: 'fine: undefined',
    })
    expect(await asAcme(() => customers.count())).toBe(2)
    expect(await asGlobex(() => customers.count())).toBe(1)
    expect(await asAcme(() => tickets.countBy({ title: 'x' }))).toBe(0)
    expect(await codeOf(acrossTenants('nobody said whose', () => tickets.insert({ title: 'z' })))).toBe(
      'TENANCY_TENANT_REQUIRED',
    )
    expect(await acrossTenants('said whose', () => tickets.insert({ title: 'z', tenantId: 'acme' }))).toMatchObject({
      tenantId: 'acme',
    })
  })

  it("point at no other tenant's rows", async () => {
    await using world = await boot()
    const {
      tickets,
      theirs,
      customers,
      database: { source },
    } = world
    const customer = { id: theirs.customer } as Customer
    const label = { id: theirs.label } as Label

    const found = await asAcme(async () => {
      const [own] = await tickets.find({ order: { id: 'ASC' } })
      const [ownCustomer] = await customers.find()
      return {
        insert: await codeOf(tickets.insert({ title: 'x', customer })),
        save: await codeOf(tickets.save(Object.assign(new Ticket(), { title: 'x', customer }))),
        update: await codeOf(tickets.update(own!.id, { customer })),
        missing: await codeOf(tickets.update(own!.id, { customer: { id: 123_456 } })),
        labels: await codeOf(tickets.save(Object.assign(new Ticket(), { title: 'x', labels: [label] }))),
        relation: await codeOf(
          source.createQueryBuilder().relation(Ticket, 'customer').of(own!.id).set(theirs.customer),
        ),
        labelsOf: await codeOf(source.createQueryBuilder().relation(Ticket, 'labels').of(own!.id).add(theirs.label)),
        plan: (await codeOf(customers.update(ownCustomer!.id, { plan: { id: 1 } }))).slice(0, 4),
        cleared: await codeOf(tickets.update(own!.id, { customer: null })),
        fine: (await codeOf(tickets.insert({ title: 'y', customer: ownCustomer! }))).slice(0, 4),
      }
    })

    expect(found).toEqual({
      insert: 'DATA_REFERENCE_FOREIGN',
      save: 'DATA_REFERENCE_FOREIGN',
      update: 'DATA_REFERENCE_FOREIGN',
      missing: 'DATA_REFERENCE_FOREIGN',
      labels: 'DATA_REFERENCE_FOREIGN',
      relation: 'DATA_REFERENCE_FOREIGN',
      labelsOf: 'DATA_REFERENCE_FOREIGN',
      plan: 'fine',
      cleared: 'fine: 1',
      fine: 'fine',
    })
    expect(await asAcme(() => tickets.countBy({ title: 'x' }))).toBe(0)
  })

  it('are in reach of no SQL that forgets the tenant', async () => {
    await using world = await boot()
    const {
      tickets,
      database: { source },
      unitOfWork,
    } = world
    const [table, column] = [quote('ticket'), quote('tenantId')]
    const join = `SELECT t.title FROM ${table} t, customer c WHERE t.${column} = ${mark(1)}`

    const sent = await asAcme(async () => ({
      tagged: database.kind === 'mariadb' ? 'fine' : (await codeOf(tickets.titles())).slice(0, 4),
      forgotten: await codeOf(tickets.raw(`SELECT title FROM ${table}`)),
      literal: await codeOf(tickets.raw(`SELECT title FROM ${table} WHERE ${column} = 'globex'`)),
      other: await codeOf(tickets.raw(`SELECT title FROM ${table} WHERE ${column} = ${mark(1)}`, ['globex'])),
      comment: await codeOf(tickets.raw(`SELECT title FROM ${table} -- tenantId\n WHERE 1 = ${mark(1)}`, ['acme'])),
      half: await codeOf(tickets.raw(join, ['acme'])),
      union: await codeOf(
        tickets.raw(`SELECT title FROM ${table} WHERE ${column} = ${mark(1)} UNION SELECT title FROM ${table}`, [
          'acme',
        ]),
      ),
      source: await codeOf(source.query(`DELETE FROM ${table}`)),
      manager: await codeOf(source.manager.query(`UPDATE ${table} SET title = 'x'`)),
      inside: await codeOf(unitOfWork.transaction(() => unitOfWork.manager.query(`DELETE FROM ${table}`))),
      runner: await codeOf(rawRunner(source, `DELETE FROM ${table}`)),
      own: (await codeOf(source.query(`SELECT title FROM ${table} WHERE ${column} = ${mark(1)}`, ['acme']))).slice(
        0,
        4,
      ),
      shared: (await codeOf(source.query(`SELECT name FROM ${quote('plan')}`))).slice(0, 4),
    }))

    const refused = 'DATA_STATEMENT_UNOWNED'
    expect(sent).toEqual({
      tagged: 'fine',
      forgotten: refused,
      literal: refused,
      other: refused,
      comment: refused,
      half: refused,
      union: refused,
      source: refused,
      manager: refused,
      inside: refused,
      runner: refused,
      own: 'fine',
      shared: 'fine',
    })
    expect(await acrossTenants('all of them', () => tickets.raw(`SELECT title FROM ${table}`))).toHaveLength(6)
  })

  it("are nobody's where no tenant is known", async () => {
    await using world = await boot()
    const {
      tickets,
      plans,
      customers,
      database: { source },
    } = world

    const asked = [
      await codeOf(tickets.find()),
      await codeOf(tickets.find()),
      await codeOf(tickets.count()),
      await codeOf(tickets.insert({ title: 'x' })),
      await codeOf(tickets.update(1, { title: 'x' })),
      await codeOf(tickets.raw(`SELECT * FROM ${quote('ticket')}`)),
      await codeOf(source.getRepository(Ticket).find()),
      await codeOf(customers.find({ relations: { plan: true } })),
    ]

    expect(new Set(asked)).toEqual(new Set(['TENANCY_TENANT_REQUIRED']))
    expect(await plans.find()).toHaveLength(1)
    expect(await plans.findOneBy({ id: 1 })).toMatchObject({ name: 'free' })
    expect(await actAs('acme', () => tickets.countBy({ customer: IsNull() }))).toBe(2)
  })
})

async function rawRunner(source: Database['source'], sql: string): Promise<unknown> {
  const runner = source.createQueryRunner()
  try {
    return await runner.query(sql)
  } finally {
    await runner.release()
  }
}

async function iterated(tickets: Tickets): Promise<string[]> {
  const seen: string[] = []
  for await (const { title } of tickets.query()) seen.push(title.slice(0, 4))
  return seen
}
