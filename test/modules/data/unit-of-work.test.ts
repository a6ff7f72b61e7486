import { setImmediate as turn } from 'node:timers/promises'

import { openData, type OpenData } from './open-data.ts'

const titles = async ({ tickets }: OpenData) => (await tickets.find({ order: { id: 'ASC' } })).map(({ title }) => title)

describe('UnitOfWork', () => {
  it('commits what repositories wrote, and answers the result', async () => {
    await using data = await openData()

    const count = await data.unitOfWork.transaction(async () => {
      await data.tickets.insert({ title: 'a' })
      await data.customers.insert({ email: 'ann@example.com' })
      return data.tickets.count()
    })

    expect(count).toBe(1)
    expect(await titles(data)).toEqual(['a'])
    expect(await data.customers.count()).toBe(1)
  })

  it('rolls everything back when the work throws, also across repositories and functions', async () => {
    await using data = await openData()
    const deep = async () => {
      await turn()
      await data.tickets.insert({ title: 'a' })
    }

    const failing = data.unitOfWork.transaction(async () => {
      await Promise.all([deep(), data.customers.insert({ email: 'ann@example.com' })])
      throw new Error('no')
    })

    await expect(failing).rejects.toThrow('no')
    expect(await titles(data)).toEqual([])
    expect(await data.customers.count()).toBe(0)
  })

  it('takes the query builder and save along', async () => {
    await using data = await openData()
    await data.tickets.insert({ title: 'a' })

    const failing = data.unitOfWork.transaction(async () => {
      const ticket = await data.tickets.findOrFail(1)
      await data.tickets.save(Object.assign(ticket, { title: 'b' }))
      await data.tickets.queryBuilder().update().set({ state: 'closed' }).where({ id: 1 }).execute()
      expect(await data.tickets.findOrFail(1)).toMatchObject({ title: 'b', state: 'closed' })
      throw new Error('no')
    })

    await expect(failing).rejects.toThrow('no')
    expect(await data.tickets.findOrFail(1)).toMatchObject({ title: 'a', state: 'open' })
  })

  it('joins the transaction it is called in', async () => {
    await using data = await openData()

    const failing = data.unitOfWork.transaction(async () => {
      const { manager } = data.unitOfWork
      await data.unitOfWork.transaction(async () => {
        expect(data.unitOfWork.manager).toBe(manager)
        await data.tickets.insert({ title: 'inner' })
      })
      throw new Error('no')
    })

    await expect(failing).rejects.toThrow('no')
    expect(await titles(data)).toEqual([])
  })

  it('rolls back when joined work failed, even if its error was caught', async () => {
    await using data = await openData()
    const cause = new Error('inner fails')

    const doomed = data.unitOfWork.transaction(async () => {
      await data.tickets.insert({ title: 'outer' })
      const inner = data.unitOfWork.transaction(() => Promise.reject(cause))
      await inner.catch(() => undefined)
    })

    await expect(doomed).rejects.toMatchObject({ code: 'DATA_TRANSACTION_DOOMED', cause })
    expect(await titles(data)).toEqual([])
  })

  it('keeps the transactions of two calls apart', async () => {
    await using data = await openData()
    const work = (title: string, fails: boolean) =>
      data.unitOfWork.transaction(async () => {
        await data.tickets.insert({ title })
        await turn()
        if (fails) throw new Error('no')
      })

    const outcomes = await Promise.allSettled([work('a', true), work('b', false), work('c', true), work('d', false)])

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled'])
    expect(await titles(data)).toEqual(['b', 'd'])
  })

  it('refuses work that outlives its transaction', async () => {
    await using data = await openData()
    const ended = Promise.withResolvers<void>()
    let forgotten: Promise<unknown> | undefined

    await data.unitOfWork.transaction(() => {
      forgotten = ended.promise.then(() => data.tickets.insert({ title: 'late' }))
    })
    ended.resolve()

    await expect(forgotten).rejects.toMatchObject({ code: 'DATA_TRANSACTION_ENDED' })
    expect(await titles(data)).toEqual([])
  })

  it('says whether the call is inside a transaction', async () => {
    await using data = await openData()

    expect(data.unitOfWork.isActive).toBe(false)
    expect(await data.unitOfWork.transaction(() => data.unitOfWork.isActive)).toBe(true)
    expect(data.unitOfWork.isActive).toBe(false)
  })
})
