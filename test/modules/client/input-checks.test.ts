import fc from 'fast-check'

import { testApp, type TestApp } from 'tenon/testing'

import { ClientAppModule } from './client-app.ts'
import { MadeClient } from './made-client.ts'

let app: TestApp
let made: MadeClient
let careful: any
let careless: any

beforeAll(async () => {
  app = await testApp(ClientAppModule).boot()
  made = await MadeClient.of(app)
  const { createClient } = await made.load<{ createClient(options: object): any }>()
  const baseUrl = await app.url()
  // Whoever checks first does not get as far as sending.
  careful = createClient({ baseUrl, fetch: () => Promise.reject(new Error('It was sent.')) })
  careless = createClient({ baseUrl, validate: false })
})

afterAll(async () => {
  await made[Symbol.asyncDispose]()
  await app.close()
})

const text = fc.oneof(fc.string({ maxLength: 25 }), fc.constantFrom('', '12345', 'x'.repeat(21), '👍👍👍'))
const anything = fc.oneof(text, fc.integer({ min: -5, max: 120 }), fc.double(), fc.boolean(), fc.constant(null))
const place = fc.record(
  { street: fc.oneof(text, anything), zip: fc.oneof(text, fc.constant('12345')) },
  { requiredKeys: [] },
)
const order = fc.record(
  {
    // A length has words of its own for what is no text, which the types of the client exclude.
    title: fc.oneof(text, fc.constant(null)),
    amount: fc.oneof(fc.integer({ min: -2, max: 120 }), anything),
    price: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true, min: -3, max: 3 }), anything),
    by: fc.oneof(fc.constantFrom('air', 'sea', 'rail'), anything),
    labels: fc.oneof(fc.array(fc.oneof(text, anything), { maxLength: 5 }), fc.constant([])),
    to: place,
    via: fc.array(place, { maxLength: 2 }),
    urgent: anything,
    stranger: fc.constant(1),
  },
  { requiredKeys: [] },
)

/** As they travel: what is no number in JSON is none. */
const RULED = /^\/(?:title|amount|price|by|labels|urgent|stranger|(?:to|via\/\d+)\/(?:street|zip))$/

describe('The checks before a call', () => {
  it('refuse what the application refuses, at the same places, by the same rules, in the same words', async () => {
    await fc.assert(
      fc.asyncProperty(order, async (body) => {
        const here = await careful.orders
          .place({ body })
          .result()
          .catch(() => ({ ok: true }))
        const there = await careless.orders.place({ body }).result()
        const errorsOf = (result: any): string[] =>
          (result.ok ? [] : (result.problem.errors ?? []))
            .filter(({ pointer }: { pointer: string }) => RULED.test(pointer))
            .map(({ pointer, code, detail }: Record<string, string>) => `${pointer} ${code}: ${detail}`)
            .toSorted()

        const [ours, theirs] = [errorsOf(here), errorsOf(there)]
        if (ours.join('|') !== theirs.join('|')) throw new Error(JSON.stringify({ body, ours, theirs }))
      }),
      { numRuns: process.env['FULL'] ? 20_000 : 400, seed: 7 },
    )
  }, 600_000)

  it('look at parameters, too, and send nothing that is refused', async () => {
    const refused = await careful.orders.list({ page: 0 }).result()
    const told = await careless.orders.list({ page: 0 }).result()

    expect(refused.problem.errors).toEqual([
      { pointer: '#/query/page', code: 'min', detail: 'page must not be less than 1' },
    ])
    expect(told.problem.errors).toEqual(refused.problem.errors)
    expect(told.problem).toMatchObject({
      code: refused.problem.code,
      status: refused.problem.status,
      title: refused.problem.title,
    })
  })
})
