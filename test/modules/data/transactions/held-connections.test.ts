import { availableParallelism } from 'node:os'

import { poolSize } from '../../../../modules/data/pool-size.ts'
import { TakenConnections } from '../../../../modules/data/transactions/taken-connections.ts'
import { MemoryLogger } from 'tenon/testing'

import { onEveryDatabase } from '../on-every-database.ts'
import { openData } from '../open-data.ts'

/** The line of this file that a text names; a test runner may put a query behind the name. */
function placeOf(text: string): number {
  return Number(/held-connections\.test\.[jt]s(?:\?\d+)?:(\d+)/.exec(text)?.[1])
}

onEveryDatabase('A connection that is held too long', ({ kind, create }) => {
  it('is logged once, with the line that took it', async () => {
    await using database = await create()
    await using data = await openData({ url: database.url, heldWarningMs: 5 })

    const { stack = '' } = new Error('here')
    await data.unitOfWork.transaction(async () => {
      while (data.logs.at('warn').length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    })

    const here = placeOf(stack)
    const [line, ...others] = data.logs.at('warn')
    const told = placeOf(line?.message ?? '')
    expect(told).toBe(here + 1)
    expect(others).toEqual([])
  })

  it('is not logged when it was given back', async () => {
    await using database = await create()
    await using data = await openData({ url: database.url, heldWarningMs: 20 })

    await data.unitOfWork.transaction(() => data.tickets.count())
    await new Promise((resolve) => setTimeout(resolve, 40))

    expect(data.logs.at('warn')).toEqual([])
    expect(data.database.taken.holders).toEqual([])
  })

  if (kind !== 'sqlite') {
    it('is named to whoever waits for one in vain', async () => {
      await using database = await create()
      await using data = await openData({ url: database.url, poolSize: 1, poolWaitMs: 50 })
      const another = () => data.unitOfWork.transaction(() => data.tickets.count(), { propagation: 'requires-new' })

      await expect(data.unitOfWork.transaction(another)).rejects.toMatchObject({
        code: 'DATA_POOL_EXHAUSTED',
        message: expect.stringContaining('held-connections.test.'),
      })
      expect(await data.tickets.count()).toBe(0)
    })
  }
})

describe('TakenConnections', () => {
  it('tells who holds connections, those first that have for longest', () => {
    const taken = new TakenConnections(new MemoryLogger(), 10_000, 8000)
    const giveBack = taken.take('first')
    taken.take('second')
    taken.take('third')
    giveBack()

    expect(taken.holders).toEqual(['second', 'third'])
  })
})

describe('poolSize', () => {
  it.each([
    [undefined, 1, 10],
    [undefined, 6, 24],
    [undefined, 64, 40],
    [3, 64, 3],
  ])('configured %s with %s cores is %s', (configured, cores, size) => {
    expect(poolSize(configured, cores)).toBe(size)
  })

  it('reads the cores of this machine', () => {
    expect(poolSize(undefined)).toBe(poolSize(undefined, availableParallelism()))
  })
})
