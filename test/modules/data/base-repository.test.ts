import { expectTypeOf } from 'expect-type'
import { BaseRepository, Equal, In, IsNull, Like, Not, type Page } from 'tenon/data'

import { openData } from './open-data.ts'
import { Ticket, type Tickets } from './tickets.ts'

async function withTickets(...titles: readonly string[]) {
  const data = await openData()
  for (const title of titles) await data.tickets.insert({ title })
  return data
}

const titles = (tickets: readonly Ticket[]) => tickets.map((ticket) => ticket.title)

describe('BaseRepository', () => {
  it('inserts a row and answers the entity with what the database generated', async () => {
    await using data = await openData()

    const ticket = await data.tickets.insert({ title: 'Printer on fire' })

    expect(ticket).toBeInstanceOf(Ticket)
    expect(ticket).toMatchObject({ id: 1, title: 'Printer on fire', state: 'open', version: 1 })
    expect(ticket.createdAt).toBeInstanceOf(Date)
    expect(await data.tickets.findOrFail(1)).toEqual(Object.assign(ticket, { assignee: null }))
  })

  it('saves what changed, and counts the version up', async () => {
    await using data = await withTickets('a')
    const ticket = await data.tickets.findOrFail(1)

    ticket.state = 'closed'
    await data.tickets.save(ticket)

    expect(await data.tickets.findOrFail(1)).toMatchObject({ state: 'closed', version: 2 })
  })

  it('finds by values, operators and alternatives, with order and limit', async () => {
    await using data = await withTickets('a', 'b', 'c', 'd')
    await data.tickets.update(2, { assignee: 'ann' })

    expect(titles(await data.tickets.find())).toEqual(['a', 'b', 'c', 'd'])
    expect(titles(await data.tickets.find({ order: { title: 'DESC' }, take: 2, skip: 1 }))).toEqual(['c', 'b'])
    expect(titles(await data.tickets.findBy({ title: In(['a', 'd']) }))).toEqual(['a', 'd'])
    expect(titles(await data.tickets.findBy([{ title: 'a' }, { assignee: Not(IsNull()) }]))).toEqual(['a', 'b'])
    expect((await data.tickets.findOneBy({ title: Like('%c%') }))?.title).toBe('c')
    expect(await data.tickets.findOne({ where: { title: 'x' } })).toBeNull()
  })

  it('loads relations, and finds by them', async () => {
    await using data = await openData()
    const customer = await data.customers.insert({ email: 'ann@example.com' })
    await data.tickets.insert({ title: 'a', customer })
    await data.tickets.insert({ title: 'b' })

    const [ticket] = await data.tickets.find({
      where: { customer: { email: 'ann@example.com' } },
      relations: { customer: true },
    })

    expect(ticket).toMatchObject({ title: 'a', customer: { email: 'ann@example.com' } })
  })

  it('answers 404 for a key that is not there, naming entity and key', async () => {
    await using data = await withTickets()

    await expect(data.tickets.findOrFail(42)).rejects.toMatchObject({
      code: 'DATA_ENTITY_NOT_FOUND',
      status: 404,
      message: 'There is no Ticket with id 42.',
    })
  })

  it('takes keys of several columns as an object, and no less', async () => {
    await using data = await openData()
    await data.votes.insert({ ticket: 1, voter: 'ann' })

    expect(await data.votes.findOrFail({ ticket: 1, voter: 'ann' })).toEqual({ ticket: 1, voter: 'ann' })
    await expect(data.votes.findOrFail({ ticket: 1, voter: 'ben' })).rejects.toThrow(
      'There is no Vote with ticket 1, voter ben.',
    )
    await expect(data.votes.findOrFail(1)).rejects.toThrow('key of several columns')
  })

  it('counts and tells whether there are rows', async () => {
    await using data = await withTickets('a', 'b')

    expect(await data.tickets.count()).toBe(2)
    expect(await data.tickets.count({ where: { title: 'a' } })).toBe(1)
    expect(await data.tickets.countBy({ title: 'x' })).toBe(0)
    expect(await data.tickets.exists()).toBe(true)
    expect(await data.tickets.existsBy({ title: 'x' })).toBe(false)
  })

  it('updates and deletes by key or criteria, and answers how many rows it reached', async () => {
    await using data = await withTickets('a', 'b', 'c')

    expect(await data.tickets.update({ title: In(['a', 'b']) }, { state: 'closed' })).toBe(2)
    expect(await data.tickets.update(99, { state: 'closed' })).toBe(0)
    expect(await data.tickets.delete(1)).toBe(1)
    expect(await data.tickets.delete({ state: 'closed' })).toBe(1)
    expect(titles(await data.tickets.find())).toEqual(['c'])
  })

  it('answers 409 when a unique constraint refuses a write, and passes other failures on', async () => {
    await using data = await openData()
    const email = 'ann@example.com'
    await data.customers.insert({ email })
    const ben = await data.customers.insert({ email: 'ben@example.com' })
    await data.votes.insert({ ticket: 1, voter: 'ann' })
    const duplicate = {
      code: 'DATA_DUPLICATE_ROW',
      status: 409,
      message: expect.stringContaining('already a Customer'),
    }

    await expect(data.customers.insert({ email })).rejects.toMatchObject(duplicate)
    await expect(data.customers.save(Object.assign(ben, { email }))).rejects.toMatchObject(duplicate)
    await expect(data.customers.update(ben.id, { email })).rejects.toMatchObject(duplicate)
    await expect(data.votes.insert({ ticket: 1, voter: 'ann' })).rejects.toMatchObject({ code: 'DATA_DUPLICATE_ROW' })
    await expect(data.customers.insert({})).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_NOTNULL' })
  })

  it('gives the query builder for what its methods cannot say', async () => {
    await using data = await withTickets('a', 'b')

    const rows = await data.tickets.queryBuilder('t').where('t.title > :title', { title: 'a' }).getMany()

    expect(titles(rows)).toEqual(['b'])
  })

  describe('criteria without a value', () => {
    const nothing = undefined as unknown as string
    const nil = null as unknown as string

    it.each<[string, string, (tickets: Tickets) => Promise<unknown>]>([
      ['find', 'undefined for where.title', (tickets) => tickets.find({ where: { title: nothing } })],
      ['find', 'undefined for where;', (tickets) => tickets.find({ where: undefined })],
      ['find', 'null for where.assignee', (tickets) => tickets.find({ where: { assignee: nil } })],
      ['find', 'undefined for where[1].title', (tickets) => tickets.find({ where: [{ id: 1 }, { title: nothing }] })],
      [
        'find',
        'undefined for where.customer.email',
        (tickets) => tickets.find({ where: { customer: { email: nothing } } }),
      ],
      ['findBy', 'undefined for where.title (equal)', (tickets) => tickets.findBy({ title: Equal(nothing) })],
      ['findBy', 'undefined for where.title (not)', (tickets) => tickets.findBy({ title: Not(nothing) })],
      ['findBy', 'null for where.title (not) (equal)', (tickets) => tickets.findBy({ title: Not(Equal(nil)) })],
      ['findBy', 'undefined for where.title (in)[1]', (tickets) => tickets.findBy({ title: In(['a', nothing]) })],
      ['findOne', 'undefined for where;', (tickets) => tickets.findOne({})],
      ['findOneBy', 'undefined for where.title', (tickets) => tickets.findOneBy({ title: nothing })],
      ['findOrFail', 'undefined for where.id', (tickets) => tickets.findOrFail(nothing)],
      ['count', 'undefined for where.title', (tickets) => tickets.count({ where: { title: nothing } })],
      ['countBy', 'undefined for where.title', (tickets) => tickets.countBy({ title: nothing })],
      ['exists', 'undefined for where.title', (tickets) => tickets.exists({ where: { title: nothing } })],
      ['existsBy', 'undefined for where.title', (tickets) => tickets.existsBy({ title: nothing })],
      ['paginate', 'undefined for where.title', (tickets) => tickets.paginate({ where: { title: nothing } })],
      ['update', 'undefined for where.id', (tickets) => tickets.update(nothing, { state: 'x' })],
      ['update', 'undefined for where.title', (tickets) => tickets.update({ title: nothing }, { state: 'x' })],
      ['delete', 'null for where.id', (tickets) => tickets.delete(nil)],
      ['delete', 'undefined for where.title', (tickets) => tickets.delete({ title: nothing })],
    ])('are refused by %s: %s', async (method, what, call) => {
      await using data = await withTickets('a')

      await expect(call(data.tickets)).rejects.toMatchObject({
        code: 'DATA_CRITERIA_MISSING',
        message: expect.stringContaining(`Tickets.${method} was given ${what}`),
      })
      expect(await data.tickets.find()).toMatchObject([{ title: 'a', state: 'open' }])
    })

    it.each<[string, (tickets: Tickets) => Promise<unknown>]>([
      ['findOne', (tickets) => tickets.findOne({ where: {} })],
      ['findOneBy', (tickets) => tickets.findOneBy([])],
      ['update', (tickets) => tickets.update({}, { state: 'x' })],
      ['delete', (tickets) => tickets.delete({})],
      ['delete of a relation', (tickets) => tickets.delete({ customer: {} })],
    ])('are refused when there are none at all: %s', async (_method, call) => {
      await using data = await withTickets('a')

      await expect(call(data.tickets)).rejects.toMatchObject({ code: 'DATA_CRITERIA_EMPTY' })
      expect(await data.tickets.find()).toMatchObject([{ title: 'a', state: 'open' }])
    })
  })

  describe('paginate', () => {
    it('gives one page and says how many there are', async () => {
      await using data = await withTickets('a', 'b', 'c', 'd', 'e')

      const page = await data.tickets.paginate({ page: 2, size: 2, order: { title: 'DESC' } })

      expect(page).toMatchObject({ page: 2, size: 2, total: 5, pages: 3 })
      expect(titles(page.items)).toEqual(['c', 'b'])
      expectTypeOf(page).toEqualTypeOf<Page<Ticket>>()
    })

    it('begins with the first twenty, and is empty past the end', async () => {
      await using data = await withTickets('a')

      expect(await data.tickets.paginate()).toMatchObject({ page: 1, size: 20, total: 1, pages: 1 })
      expect(await data.tickets.paginate({ page: 9, where: { title: 'x' } })).toEqual({
        items: [],
        page: 9,
        size: 20,
        total: 0,
        pages: 0,
      })
    })

    it('puts rows that are equal by the order on one page only', async () => {
      await using data = await withTickets('e', 'd', 'c', 'b', 'a')

      const pages = await Promise.all(
        [1, 2, 3].map((page) => data.tickets.paginate({ page, size: 2, order: { state: 'ASC' } })),
      )

      expect(pages.flatMap((page) => titles(page.items))).toEqual(['e', 'd', 'c', 'b', 'a'])
    })

    it.each([
      ['DATA_PAGE_TOO_LARGE', { size: 51 }],
      ['DATA_PAGE_INVALID', { size: 0 }],
      ['DATA_PAGE_INVALID', { page: 0 }],
      ['DATA_PAGE_INVALID', { page: 1.5 }],
      ['DATA_PAGE_INVALID', { page: Number.NaN }],
      ['DATA_PAGE_INVALID', { page: Number.MAX_SAFE_INTEGER }],
    ])('refuses with %s what nobody should ask for: %j', async (code, request) => {
      await using data = await openData()

      await expect(data.tickets.paginate(request)).rejects.toMatchObject({ code, status: 400 })
    })
  })

  it('refuses a repository that does not say which entity it is for', async () => {
    await using data = await openData()
    class Nameless extends BaseRepository<Ticket> {}

    expect(() => new Nameless(data.unitOfWork)).toThrow(
      expect.objectContaining({ code: 'DATA_REPOSITORY_WITHOUT_ENTITY', message: expect.stringContaining('Nameless') }),
    )
  })

  it('knows the entity: properties that it does not have are compile errors', () => {
    const misuse = (tickets: Tickets) => [
      // @ts-expect-error a misspelled property
      tickets.findBy({ titel: 'a' }),
      // @ts-expect-error a value of another type
      tickets.update(1, { title: 5 }),
    ]

    expectTypeOf<ReturnType<Tickets['findOrFail']>>().resolves.toEqualTypeOf<Ticket>()
    expect(misuse).toBeInstanceOf(Function)
  })
})
