import { tracingChannel } from 'node:diagnostics_channel'

import type { GaugeReading } from 'tenon/decorators'

import { PoolGauges } from '../../../modules/data/pool-gauges.ts'
import { QueryMessage } from '../../../modules/data/query-channel.ts'
import { onEveryDatabase } from './on-every-database.ts'
import { openData } from './open-data.ts'

interface Told {
  readonly sql: string
  readonly end: 'rows' | 'done' | 'error'
  readonly rows: number | undefined
}

/** Everything that is told while it listens. */
class Listener implements Disposable {
  readonly told: Told[] = []
  readonly #channel = tracingChannel<QueryMessage>('tenon:data:query')
  readonly #start = (message: unknown): void => void ((message as QueryMessage).isFollowed = true)
  readonly #end = (message: unknown): void => {
    const { sql, rows, error } = message as QueryMessage
    this.told.push({ sql, rows, end: error === undefined ? (rows === undefined ? 'done' : 'rows') : 'error' })
  }

  constructor() {
    this.#channel.start.subscribe(this.#start)
    this.#channel.asyncEnd.subscribe(this.#end)
  }

  [Symbol.dispose](): void {
    this.#channel.start.unsubscribe(this.#start)
    this.#channel.asyncEnd.unsubscribe(this.#end)
  }

  of(pattern: RegExp): readonly Told[] {
    return this.told.filter(({ sql }) => pattern.test(sql))
  }
}

onEveryDatabase('The channel of statements', (database) => {
  it('tells each statement without its values, with its rows, however it is sent', async () => {
    await using created = await database.create()
    await using data = await openData({ url: created.url })
    using listener = new Listener()

    await data.customers.insert({ email: 'ada@example.org' })
    await data.customers.find({ where: { email: 'ada@example.org' } })
    await data.customers
      .queryBuilder('customer')
      .where('customer.email = :email', { email: 'secret@example.org' })
      .getMany()
    await data.unitOfWork.transaction(() => data.customers.count())

    expect(listener.of(/^INSERT/)).toHaveLength(1)
    expect(listener.of(/^SELECT .*customer/is).map(({ rows }) => rows)).toEqual(expect.arrayContaining([1, 0]))
    expect(listener.of(/^(BEGIN|START)/)).toHaveLength(1)
    expect(listener.of(/^COMMIT/)).toHaveLength(1)
    expect(JSON.stringify(listener.told)).not.toMatch(/ada@|secret@/)
  })

  it('tells what fails', async () => {
    await using created = await database.create()
    await using data = await openData({ url: created.url })
    using listener = new Listener()

    await expect(data.database.source.query('SELECT x FROM nowhere')).rejects.toThrow('nowhere')

    expect(listener.of(/nowhere/)).toMatchObject([{ end: 'error' }])
  })

  it('says how the connections are used', async () => {
    await using created = await database.create()
    await using data = await openData({ url: created.url })
    const gauges = new PoolGauges(data.database)
    await data.customers.count()

    const idle = valueOf(gauges.connections(), 'idle')
    const used = await data.unitOfWork.transaction(async () => {
      await data.customers.count()
      return valueOf(gauges.connections(), 'used')
    })

    expect(idle).toBeGreaterThanOrEqual(1)
    expect(used).toBe(1)
    expect(gauges.waiting()).toEqual([{ value: 0, attributes: {} }])
    await data.database.close()
    expect(gauges.connections()).toEqual([])
  })
})

describe('A message of a statement', () => {
  it('leaves out what a text without parameters says itself', () => {
    const { sql } = new QueryMessage(
      'postgres',
      `SELECT "a1", b2 FROM t3 WHERE name = 'it''s' AND n = -4.5 LIMIT 10`,
      [],
    )

    expect(sql).toBe(`SELECT "a1", b2 FROM t3 WHERE name = ? AND n = -? LIMIT ?`)
  })

  it('keeps a text whose values are parameters', () => {
    expect(new QueryMessage('postgres', `SELECT 1 WHERE a = $1`, [7]).sql).toBe(`SELECT 1 WHERE a = $1`)
  })
})

function valueOf(reading: GaugeReading, state: string): number | undefined {
  return Array.isArray(reading)
    ? reading.find(({ attributes }) => attributes['db.client.connection.state'] === state)?.value
    : undefined
}
