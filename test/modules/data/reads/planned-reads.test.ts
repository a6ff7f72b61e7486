import { setImmediate as turn } from 'node:timers/promises'

import { Equal, In, type FindOptionsWhere } from 'tenon/data'

import { EntityReads } from '../../../../modules/data/reads/entity-reads.ts'
import { ReadShape, type ReadOptions } from '../../../../modules/data/reads/read-shape.ts'
import { utcDate } from '../../../../modules/data/reads/convert-value.ts'
import { openData } from '../open-data.ts'
import { Customer, Ticket } from '../tickets.ts'

describe('Reads of a repository', () => {
  it('see what their own transaction has written, and nobody else does', async () => {
    await using data = await openData()
    const ticket = await data.tickets.insert({ title: 'first' })
    await data.tickets.findOrFail(ticket.id)

    const written = Promise.withResolvers<void>()
    const inside = data.unitOfWork.transaction(async () => {
      await data.tickets.update(ticket.id, { title: 'second' })
      written.resolve()
      await turn()
      return (await data.tickets.findOrFail(ticket.id)).title
    })
    await written.promise
    const outside = data.tickets.findOrFail(ticket.id).then(({ title }) => title)

    // The one outside waits until the transaction has ended.
    expect(await Promise.all([inside, outside])).toEqual(['second', 'second'])
  })

  it('are sent as one text for all values and pages, with nothing of them in it', async () => {
    await using data = await openData({ log: true })
    for (const title of ['a', 'b', 'c']) await data.tickets.insert({ title })
    data.logs.lines.length = 0

    for (const id of [1, 2, 3]) await data.tickets.findOrFail(id)
    for (const page of [2, 3]) await data.tickets.paginate({ page, size: 1, order: { title: 'DESC' } })

    const texts = data.logs.at('debug').map(({ message }) => message)
    const reads = texts.filter((text) => !text.includes('COUNT'))
    expect(new Set(reads).size).toBe(2)
    expect(reads.join(' ')).not.toMatch(/= \d|LIMIT [2-9]|OFFSET \d/)
  })

  it('page through rows with relations, entities counted and not rows', async () => {
    await using data = await openData()
    for (let n = 0; n < 5; n += 1) {
      const customer = await data.customers.insert({ email: `${n}@example.com` })
      for (const title of ['a', 'b']) await data.tickets.insert({ title, customer })
    }

    const pages = [1, 2, 3].map((page) => data.customers.paginate({ page, size: 2, relations: { tickets: true } }))

    const read = await Promise.all(pages)
    expect(read.map(({ items }) => items.map(({ id }) => id))).toEqual([[1, 2], [3, 4], [5]])
    expect(read.map(({ total }) => total)).toEqual([5, 5, 5])
    expect(read.flatMap(({ items }) => items.map(({ tickets }) => tickets.length))).toEqual([2, 2, 2, 2, 2])
  })

  it('fail as the database says, with the statement', async () => {
    await using data = await openData()
    await data.tickets.find()
    await data.database.source.query('ALTER TABLE ticket RENAME COLUMN title TO heading')

    await expect(data.tickets.find()).rejects.toMatchObject({
      name: 'QueryFailedError',
      query: expect.stringContaining('FROM "ticket"'),
    })
  })

  it('leave property names that are none to TypeORM, which refuses them', async () => {
    await using data = await openData()
    const where = { 'id" = 1 OR "id': 1 } as FindOptionsWhere<Ticket>

    await expect(data.tickets.findBy(where)).rejects.toMatchObject({ name: 'EntityPropertyNotFoundError' })
    await expect(data.tickets.findBy(where)).rejects.toMatchObject({ name: 'EntityPropertyNotFoundError' })
  })

  it('read integers that a number cannot hold as text, as TypeORM does', async () => {
    await using data = await openData()
    await data.database.source.query(`INSERT INTO ticket (title, version) VALUES ('a', 9007199254740993)`)
    const { manager } = data.database.source

    const [ticket] = await new EntityReads<Ticket>(Ticket).find(manager, {})

    expect(ticket).toEqual(await manager.findOneBy(Ticket, { title: 'a' }))
  })

  it('go through TypeORM where a subscriber listens', async () => {
    await using data = await openData()
    await data.customers.insert({ email: 'a@example.com' })
    await data.customers.findOrFail(1)
    const seen: object[] = []
    data.database.source.subscribers.push({ afterLoad: (entity: object) => void seen.push(entity) })

    const customer = await data.customers.findOrFail(1)

    expect(seen).toEqual([customer])
    expect(customer).toBeInstanceOf(Customer)
  })
})

describe('ReadShape', () => {
  const keyOf = (options: ReadOptions) => {
    const shape = new ReadShape()
    return shape.read(options) ? shape.key : undefined
  }

  it('is the same for other values, and another for other names, operators and lengths', () => {
    expect(keyOf({ where: { id: 1 } })).toBe(keyOf({ where: { id: 'x' } }))
    const others: ReadOptions[] = [
      { where: { id: 1 } },
      { where: { id: Equal(1) } },
      { where: { id: In([1]) } },
      { where: { id: In([1, 2]) } },
      { where: [{ id: 1 }] },
      { where: { id: 1, no: 1 } },
      { where: { 'id=2:no': 1 } },
      { where: { id: { no: 1 } } },
      { where: { id: 1 }, take: 1 },
      { where: { id: 1 }, take: 2 },
      { where: { id: 1 }, take: 2, skip: 0 },
      { where: { id: 1 }, take: 2, skip: 5 },
      { where: { id: 1 }, order: { id: 'ASC' } },
      { where: { id: 1 }, order: { id: 'DESC' } },
      { where: { id: 1 }, select: { id: true } },
      { where: { id: 1 }, relations: { id: true } },
    ]
    expect(new Set(others.map(keyOf)).size).toBe(others.length)
  })

  it('is none for what TypeORM would write into the text or bind in another way', () => {
    const values = [Number.NaN, Infinity, 2 ** 60, () => '1=1', Symbol('x'), [[1]], Promise.resolve(1)]
    for (const value of values) expect(keyOf({ where: { id: value } as object })).toBeUndefined()
    expect(keyOf({ lock: { mode: 'pessimistic_read' } } as ReadOptions)).toBeUndefined()
    expect(keyOf({ take: 0 })).toBeUndefined()
    expect(keyOf({ skip: -1 })).toBeUndefined()
  })
})

describe('utcDate', () => {
  it('reads what is stored as the date it is, and nothing else', () => {
    expect(utcDate('2026-02-27 23:59:58')).toEqual(new Date('2026-02-27T23:59:58Z'))
    expect(utcDate('2026-12-01 00:00:00.123')).toEqual(new Date('2026-12-01T00:00:00.123Z'))
    for (const text of ['2026-13-01 00:00:00', '2026-01-01T00:00:00Z', '2026-01-01', '2026-02-31 00:00:00', '', 5]) {
      expect(utcDate(text)).toBeUndefined()
    }
  })
})
