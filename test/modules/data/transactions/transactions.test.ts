import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'

import { afterCommit, afterRollback, beforeCommit, rollbackOnly, type TransactionOptions } from 'tenon/data'

import { onEveryDatabase } from '../on-every-database.ts'
import { openData, type OpenData } from '../open-data.ts'

const titles = async ({ tickets }: OpenData) => (await tickets.find({ order: { id: 'ASC' } })).map(({ title }) => title)

class Harmless extends Error {}

onEveryDatabase('Transactions', ({ kind, create }) => {
  let database: Awaited<ReturnType<typeof create>>
  let data: OpenData

  beforeEach(async () => {
    database = await create()
    data = await openData({ url: database.url })
  })

  afterEach(async () => {
    await data[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  const add = (title: string) => data.tickets.insert({ title })
  const transaction = <T>(work: () => T | Promise<T>, options?: TransactionOptions) =>
    data.unitOfWork.transaction(work, options)

  describe('by propagation', () => {
    it('required joins, and begins one where there is none', async () => {
      const failing = transaction(async () => {
        await add('outer')
        await transaction(() => add('inner'))
        throw new Error('no')
      })

      await expect(failing).rejects.toThrow('no')
      expect(await titles(data)).toEqual([])
    })

    it('nested undoes only its own work when it fails, and the outside goes on', async () => {
      await transaction(async () => {
        await add('a')
        const nested = transaction(
          async () => {
            await add('b')
            await transaction(() => add('c'), { propagation: 'nested' })
            throw new Error('no')
          },
          { propagation: 'nested' },
        )
        await expect(nested).rejects.toThrow('no')
        await transaction(() => add('d'), { propagation: 'nested' })
      })

      expect(await titles(data)).toEqual(['a', 'd'])
    })

    it('nested keeps nothing when the outside fails', async () => {
      const failing = transaction(async () => {
        await transaction(() => add('a'), { propagation: 'nested' })
        throw new Error('no')
      })

      await expect(failing).rejects.toThrow('no')
      expect(await titles(data)).toEqual([])
    })

    it('requires-new is committed although the outside fails; SQLite, with one writer, refuses it by name', async () => {
      const failing = transaction(async () => {
        await add('outer')
        const other = transaction(() => add('kept'), { propagation: 'requires-new' })
        if (kind === 'sqlite') await expect(other).rejects.toMatchObject({ code: 'DATA_REQUIRES_NEW_UNSUPPORTED' })
        else await other
        throw new Error('no')
      })

      await expect(failing).rejects.toThrow('no')
      expect(await titles(data)).toEqual(kind === 'sqlite' ? [] : ['kept'])
    })

    it('supports joins, and runs without where there is none', async () => {
      const joining = transaction(async () => {
        await transaction(() => add('a'), { propagation: 'supports' })
        throw new Error('no')
      })
      await expect(joining).rejects.toThrow('no')
      const alone = transaction(
        async () => {
          expect(data.unitOfWork.isActive).toBe(false)
          await add('b')
          throw new Error('alone')
        },
        { propagation: 'supports' },
      )

      await expect(alone).rejects.toThrow('alone')
      expect(await titles(data)).toEqual(['b'])
    })

    it('mandatory needs one, never refuses one', async () => {
      await expect(transaction(() => add('a'), { propagation: 'mandatory' })).rejects.toMatchObject({
        code: 'DATA_TRANSACTION_MISSING',
      })
      await transaction(() => add('b'), { propagation: 'never' })
      await transaction(async () => {
        await transaction(() => add('c'), { propagation: 'mandatory' })
        await expect(transaction(() => add('d'), { propagation: 'never' })).rejects.toMatchObject({
          code: 'DATA_TRANSACTION_UNWANTED',
        })
      })

      expect(await titles(data)).toEqual(['b', 'c'])
    })

    it('refuses to join what has begun otherwise', async () => {
      await transaction(async () => {
        for (const options of [{ isolation: 'SERIALIZABLE' as const }, { readOnly: true }]) {
          await expect(transaction(() => add('a'), options)).rejects.toMatchObject({
            code: 'DATA_TRANSACTION_MISMATCH',
          })
        }
      })
      expect(await titles(data)).toEqual([])
    })
  })

  describe('that fail in part', () => {
    it('are rolled back when joined work failed, even if its error was caught', async () => {
      const cause = new Error('inner')
      const doomed = transaction(async () => {
        await add('outer')
        await transaction(() => Promise.reject(cause)).catch(() => undefined)
      })

      await expect(doomed).rejects.toMatchObject({ code: 'DATA_TRANSACTION_DOOMED', cause })
      expect(await titles(data)).toEqual([])
    })

    it('run nothing more after a statement has failed, whatever the database', async () => {
      await data.customers.insert({ email: 'ann@example.com' })
      const doomed = transaction(async () => {
        await add('a')
        await expect(data.customers.insert({ email: 'ann@example.com' })).rejects.toMatchObject({
          code: 'DATA_DUPLICATE_ROW',
        })
        await expect(add('b')).rejects.toMatchObject({ code: 'DATA_TRANSACTION_DOOMED' })
      })

      await expect(doomed).rejects.toMatchObject({ code: 'DATA_TRANSACTION_DOOMED' })
      expect(await titles(data)).toEqual([])
    })

    it('survive a failed statement that was nested', async () => {
      await data.customers.insert({ email: 'ann@example.com' })
      await transaction(async () => {
        await add('a')
        const twice = transaction(() => data.customers.insert({ email: 'ann@example.com' }), { propagation: 'nested' })
        await expect(twice).rejects.toMatchObject({ code: 'DATA_DUPLICATE_ROW' })
        await add('b')
      })

      expect(await titles(data)).toEqual(['a', 'b'])
    })

    it('are committed after an error that is no reason to roll back', async () => {
      const noRollbackFor = [Harmless]
      const failing = transaction(
        async () => {
          await add('a')
          await transaction(() => Promise.reject(new Harmless('inner')), { noRollbackFor }).catch(() => undefined)
          throw new Harmless('told')
        },
        { noRollbackFor },
      )

      await expect(failing).rejects.toThrow('told')
      expect(await titles(data)).toEqual(['a'])
    })

    it('are rolled back without an error where that was asked for', async () => {
      const answer = await transaction(async () => {
        await add('a')
        rollbackOnly()
        return 'tried'
      })

      expect(answer).toBe('tried')
      expect(await titles(data)).toEqual([])
      expect(() => rollbackOnly()).toThrow(expect.objectContaining({ code: 'DATA_TRANSACTION_MISSING' }))
    })
  })

  describe('in parallel', () => {
    it('run the statements of parallel work one after the other', async () => {
      await transaction(() => Promise.all(Array.from({ length: 20 }, (_, index) => add(`t${index}`))))

      expect(await data.tickets.count()).toBe(20)
    })

    it('keep what is done beside a savepoint when that is rolled back', async () => {
      await transaction(async () => {
        const nested = (name: string, fails: boolean) =>
          transaction(
            async () => {
              await add(`${name}1`)
              await turn()
              await add(`${name}2`)
              if (fails) throw new Error(name)
            },
            { propagation: 'nested' },
          )
        await Promise.allSettled([nested('x', true), add('beside'), nested('y', false), nested('z', true), add('too')])
      })

      expect((await titles(data)).toSorted()).toEqual(['beside', 'too', 'y1', 'y2'])
    })

    it('keep the transactions of several calls apart', async () => {
      const work = (title: string, fails: boolean) =>
        transaction(async () => {
          await add(title)
          await turn()
          expect(await data.tickets.countBy({ title })).toBe(1)
          if (fails) throw new Error('no')
        })

      const outcomes = await Promise.allSettled([work('a', true), work('b', false), work('c', true), work('d', false)])

      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled'])
      expect((await titles(data)).toSorted()).toEqual(['b', 'd'])
    })
  })

  describe('and what is not awaited', () => {
    it('refuse work that outlives them', async () => {
      const ended = Promise.withResolvers<void>()
      let forgotten: Promise<unknown> | undefined
      await transaction(() => {
        forgotten = ended.promise.then(() => add('late'))
        forgotten.catch(() => undefined)
      })
      ended.resolve()

      await expect(forgotten).rejects.toMatchObject({ code: 'DATA_TRANSACTION_ENDED' })
      expect(await titles(data)).toEqual([])
    })

    it('refuse a builder that outlives them', async () => {
      const { builder } = await transaction(() => ({ builder: data.tickets.queryBuilder() }))

      await expect(builder.getMany()).rejects.toMatchObject({ code: 'DATA_TRANSACTION_ENDED' })
    })

    it.each(['required', 'nested'] as const)('commit no half of %s work that still runs at their end', async (part) => {
      const ended = Promise.withResolvers<void>()
      let forgotten: Promise<unknown> | undefined
      const outcome = transaction(async () => {
        const begun = Promise.withResolvers<void>()
        forgotten = transaction(
          async () => {
            await add('half')
            begun.resolve()
            await ended.promise
            await add('other half')
          },
          { propagation: part },
        )
        forgotten.catch(() => undefined)
        await begun.promise
      })

      await expect(outcome).rejects.toMatchObject({ code: 'DATA_TRANSACTION_NOT_AWAITED' })
      ended.resolve()
      await expect(forgotten).rejects.toMatchObject({ code: 'DATA_TRANSACTION_ENDED' })
      expect(await titles(data)).toEqual([])
    })
  })

  describe('with hooks', () => {
    it('call them in their place, and outside of a transaction at once', async () => {
      const calls: string[] = []
      await afterCommit(() => calls.push('at once'))
      await transaction(async () => {
        await afterCommit(async () => calls.push(`after commit, ${await data.tickets.count()} rows`))
        afterRollback(() => calls.push('never'))
        await beforeCommit(async () => {
          await add('by the hook')
          calls.push(`before commit, active: ${data.unitOfWork.isActive}`)
        })
        calls.push('work')
      })

      expect(calls).toEqual(['at once', 'work', 'before commit, active: true', 'after commit, 1 rows'])
      expect(await titles(data)).toEqual(['by the hook'])
    })

    it('roll back when one before the commit fails, and then call those after the rollback', async () => {
      const calls: string[] = []
      const failing = transaction(async () => {
        await add('a')
        afterRollback(() => calls.push('rolled back'))
        await afterCommit(() => calls.push('committed'))
        await beforeCommit(() => Promise.reject(new Error('hook')))
      })

      await expect(failing).rejects.toThrow('hook')
      expect(calls).toEqual(['rolled back'])
      expect(await titles(data)).toEqual([])
    })

    it('wait with those of a savepoint for the whole, and drop them when it is undone', async () => {
      const calls: string[] = []
      const nested = (name: string, fails: boolean) =>
        transaction(
          async () => {
            await afterCommit(() => calls.push(`${name} committed`))
            afterRollback(() => calls.push(`${name} rolled back`))
            if (fails) throw new Error(name)
          },
          { propagation: 'nested' },
        )
      await transaction(async () => {
        await nested('kept', false)
        await nested('undone', true).catch(() => undefined)
        calls.push('work')
      })

      expect(calls).toEqual(['undone rolled back', 'work', 'kept committed'])
    })

    it('log the failure of one after the commit, and answer all the same', async () => {
      const answer = await transaction(async () => {
        await add('a')
        await afterCommit(() => Promise.reject(new Error('mail')))
        return 'done'
      })

      expect(answer).toBe('done')
      expect(await titles(data)).toEqual(['a'])
      expect(data.logs.at('error')).toHaveLength(1)
    })
  })

  describe('with limits', () => {
    it('refuse writes when they only read, and write again afterwards', async () => {
      await add('a')
      const reading = transaction(
        async () => {
          expect(await data.tickets.count()).toBe(1)
          await add('b')
        },
        { readOnly: true },
      )

      await expect(reading).rejects.toMatchObject({ code: 'DATA_TRANSACTION_READ_ONLY' })
      await Promise.all(['c', 'd', 'e'].map((title) => transaction(() => add(title))))
      expect((await titles(data)).toSorted()).toEqual(['a', 'c', 'd', 'e'])
    })

    it('are rolled back when they take too long, also while they wait for something else', async () => {
      const blocked = Promise.withResolvers<void>()
      let late: Promise<unknown> | undefined
      const slow = transaction(
        async () => {
          await add('a')
          late = blocked.promise.then(() => add('late'))
          late.catch(() => undefined)
          await late
        },
        { timeout: 60 },
      )

      await expect(slow).rejects.toMatchObject({ code: 'DATA_TRANSACTION_TIMEOUT' })
      blocked.resolve()
      await expect(late).rejects.toMatchObject({ code: 'DATA_TRANSACTION_ENDED' })
      expect(await titles(data)).toEqual([])
    })

    if (kind !== 'sqlite') {
      it('end a statement that takes too long in the database', async () => {
        const sleeping = kind === 'postgres' ? 'SELECT pg_sleep(20)' : 'SELECT SLEEP(20)'
        const startedAt = performance.now()
        const slow = transaction(() => data.unitOfWork.manager.query(sleeping), { timeout: 100 })

        await expect(slow).rejects.toBeInstanceOf(Error)
        expect(performance.now() - startedAt).toBeLessThan(10_000)
        expect(await data.tickets.count()).toBe(0)
      })

      it('run at the isolation that was asked for', async () => {
        const show =
          kind === 'postgres' ? 'SHOW transaction_isolation' : 'SELECT @@tx_isolation AS transaction_isolation'
        const query = () => data.unitOfWork.manager.query<object[]>(show)

        if (kind === 'postgres') {
          expect(await transaction(query, { isolation: 'SERIALIZABLE' })).toEqual([
            { transaction_isolation: 'serializable' },
          ])
        } else {
          // MariaDB tells the session's isolation, not that of the transaction; what it does is what tells.
          expect(await transaction(query)).toEqual([{ transaction_isolation: 'REPEATABLE-READ' }])
          await add('a')
          const dirty = await transaction(async () => {
            await data.tickets.update({ title: 'a' }, { title: 'b' })
            return transaction(() => titles(data), { propagation: 'requires-new', isolation: 'READ UNCOMMITTED' })
          })
          expect(dirty).toEqual(['b'])
        }
      })

      it('begin again when the database could not let both through', async () => {
        const { id } = await add('0')
        const meet = Promise.withResolvers<void>()
        let readers = 0
        const countUp = () =>
          transaction(
            async () => {
              const { title } = await data.tickets.findOrFail(id)
              readers += 1
              if (readers === 2) meet.resolve()
              await Promise.race([meet.promise, sleep(5000)])
              await data.tickets.update(id, { title: String(Number(title) + 1) })
            },
            { isolation: 'SERIALIZABLE', retry: { times: 10, pauseMs: 5 } },
          )

        await Promise.all([countUp(), countUp()])

        expect(readers).toBeGreaterThan(2)
        expect(await titles(data)).toEqual(['2'])
      })

      it('tell by name that another was in the way when they may not begin again', async () => {
        const one = await add('one')
        const two = await add('two')
        const meet = Promise.withResolvers<void>()
        let locked = 0
        const lockBoth = (first: number, second: number) =>
          transaction(async () => {
            await data.tickets.update(first, { state: 'x' })
            locked += 1
            if (locked === 2) meet.resolve()
            await Promise.race([meet.promise, sleep(5000)])
            await data.tickets.update(second, { state: 'x' })
          })

        const outcomes = await Promise.allSettled([lockBoth(one.id, two.id), lockBoth(two.id, one.id)])

        expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
        expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
          reason: { code: 'DATA_TRANSACTION_CONFLICT', status: 503 },
        })
      })
    }
  })
})
