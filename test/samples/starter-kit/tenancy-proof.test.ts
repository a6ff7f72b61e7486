import { onEveryStrategy } from './strategies.ts'
import { EXPLAINED, proveKit } from './tenancy-proof.ts'

onEveryStrategy(({ create }) => {
  it('keeps its organisations apart at every endpoint, entity, relation and key', async () => {
    await using database = await create()

    const { findings, unproved, proved, attacks } = await proveKit({ env: database.env })

    expect(findings).toEqual([])
    expect(unproved.map(({ where }) => where).toSorted()).toEqual(Object.keys(EXPLAINED).toSorted())
    expect(proved).toEqual(expect.arrayContaining(['GET /api/tickets', 'POST /api/tickets', 'Comment.save']))
    expect(attacks).toBeGreaterThan(200)
  })
})
