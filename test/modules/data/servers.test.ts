import { setImmediate as turn } from 'node:timers/promises'

import { openData } from './open-data.ts'
import { inProcesses } from './programs/in-processes.ts'
import { createDatabase, SERVERS, whyNot } from './servers.ts'

for (const [name, server] of Object.entries(SERVERS)) {
  const reason = await whyNot(server)
  const isRequired = process.env['CI'] === 'true'
  const suite = reason === undefined || isRequired ? describe : describe.skip

  suite(`Database on ${name}${reason === undefined ? '' : ` (not there: ${reason})`}`, () => {
    it('writes, finds, pages and deletes as on SQLite', async () => {
      await using database = await createDatabase(server)
      await using data = await openData({ url: database.url })
      const customer = await data.customers.insert({ email: 'ann@example.com' })
      for (const title of ['a', 'b', 'c']) await data.tickets.insert({ title, customer })

      const page = await data.tickets.paginate({ page: 2, size: 2, where: { customer: { id: customer.id } } })

      expect(page).toMatchObject({ items: [{ title: 'c', state: 'open', version: 1 }], total: 3, pages: 2 })
      expect(page.items[0]?.createdAt).toBeInstanceOf(Date)
      expect(await data.tickets.update({ title: 'a' }, { state: 'closed' })).toBe(1)
      expect(await data.tickets.delete({ state: 'open' })).toBe(2)
      await expect(data.tickets.findOrFail(2)).rejects.toMatchObject({ code: 'DATA_ENTITY_NOT_FOUND' })
      await expect(data.tickets.insert({ title: 'd', customer: { id: 999 } })).rejects.toMatchObject({
        code: 'DATA_REFERENCE_MISSING',
      })
      await expect(data.customers.delete(customer.id)).rejects.toMatchObject({ code: 'DATA_ROW_REFERENCED' })
      await expect(data.customers.insert({ email: customer.email })).rejects.toMatchObject({
        code: 'DATA_DUPLICATE_ROW',
      })
      await data.database.check()
    })

    it('goes on reading when the type of a column changes under it', async () => {
      await using database = await createDatabase(server)
      await using data = await openData({ url: database.url })
      await data.tickets.insert({ title: 'a', state: '7' })
      expect(await data.tickets.findOrFail(1)).toMatchObject({ state: '7' })
      const { source } = data.database
      const isPostgres = source.options.type === 'postgres'
      if (isPostgres) await source.query('ALTER TABLE ticket ALTER COLUMN state DROP DEFAULT')
      await source.query(
        isPostgres
          ? 'ALTER TABLE ticket ALTER COLUMN state TYPE integer USING state::integer'
          : 'ALTER TABLE ticket MODIFY state int',
      )

      const first = await data.tickets.findOrFail(1)
      const second = await data.unitOfWork.transaction(() => data.tickets.findOrFail(1))

      expect([first.state, second.state]).toEqual([7, 7])
    })

    it('commits and rolls back the ambient transaction, and keeps two calls apart', async () => {
      await using database = await createDatabase(server)
      await using data = await openData({ url: database.url })
      const work = (title: string, fails: boolean) =>
        data.unitOfWork.transaction(async () => {
          await data.tickets.insert({ title })
          await turn()
          expect(await data.tickets.countBy({ title })).toBe(1)
          if (fails) throw new Error('no')
        })

      const outcomes = await Promise.allSettled([work('a', true), work('b', false), work('c', true)])

      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected'])
      expect(await data.tickets.find()).toMatchObject([{ title: 'b' }])
    })

    it('runs each migration once when two processes start together', async () => {
      await using database = await createDatabase(server)

      const logged = await inProcesses<string[]>('start-and-migrate.js', 2, database.url)

      expect(logged.map((lines) => lines.length).toSorted((one, other) => one - other)).toEqual([0, 2])
      await using data = await openData({ url: database.url, synchronize: false })
      expect(await data.database.source.query('SELECT text FROM note')).toEqual([{ text: 'first' }])
    })
  })
}
