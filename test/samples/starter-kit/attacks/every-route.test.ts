/** Every route is attacked in every way that suits it; after each attack its owner does what the attacker could not. */
import { describeEndpoint, ModuleGraph } from 'tenon'

import { assault, ASSAULTS, type Assault } from './assault.ts'
import { OPEN, ROUTES } from './routes.ts'
import { Siege, type Team } from './siege.ts'

const ODD_CREDENTIALS: readonly Readonly<Record<string, string>>[] = [
  { authorization: 'Bearer nonsense' },
  { 'x-api-key': 'nonsense' },
  { cookie: 'session=x' },
]

/** With FULL=1 all of them; else a quarter of each route's, every route beginning with another one, and the first of each kind. */
const TRIED = process.env['FULL'] ? ASSAULTS : ASSAULTS.filter(isChosen)

function isChosen(assault: Assault): boolean {
  const ofRoute = ASSAULTS.filter(({ route }) => route === assault.route)
  const shift = Object.keys(ROUTES).indexOf(assault.route)
  const isFirst = ASSAULTS.find(({ strike }) => strike === assault.strike) === assault
  return isFirst || (ofRoute.indexOf(assault) + shift) % 4 === 0
}

describe('A route of the starter kit', () => {
  let siege: Siege
  let victims: Team
  let attackers: Team
  let calls = 0

  beforeAll(async () => {
    siege = await Siege.begin()
    victims = await siege.team('kestrel-works')
    attackers = await siege.team('magpie-works')
  })

  afterAll(() => siege[Symbol.asyncDispose]())

  beforeEach(() => {
    calls += 1
    siege.address = `203.0.${calls >> 8}.${calls & 255}`
  })

  it('is among those that are attacked', () => {
    const { endpoints } = siege.app.get(ModuleGraph)
    const routes = endpoints.filter(({ route }) => route !== undefined).map(describeEndpoint)

    const missing = routes.filter((each) => !Object.hasOwn(ROUTES, each))
    const gone = Object.keys(ROUTES).filter((each) => !routes.includes(each))

    expect(missing.map((each) => `${each} is attacked by nobody: say in attacks/routes.ts who may call it.`)).toEqual(
      [],
    )
    expect(gone.map((each) => `${each} is no route any more: remove it from attacks/routes.ts.`)).toEqual([])
  })

  it(`is attacked in ${TRIED.length} ways`, () => {
    const kinds = (assaults: typeof ASSAULTS) => ({
      routes: new Set(assaults.map(({ route }) => route)),
      strikes: new Set(assaults.map(({ strike }) => strike.name)),
    })

    expect(TRIED.length).toBeGreaterThan(500)
    expect(kinds(TRIED)).toEqual(kinds(ASSAULTS))
  })

  it.each(TRIED.map((each) => [each.route, each.strike.name, each] as const))(
    '%s holds %s',
    async (_route, _name, each) => {
      expect(await assault(each, { siege, victims, attackers })).toEqual([])
    },
  )

  it.each(OPEN)('%s is open, and tells nobody anything', async (_route, { call, status }) => {
    const { admin, customer } = victims

    const reply = await siege.send(call)
    const odd = await Promise.all(ODD_CREDENTIALS.map((headers) => siege.send({ ...call, headers })))

    expect([reply.status, reply.text]).toEqual([status, reply.text])
    for (const each of [reply, ...odd]) {
      expect(each.status).toBeLessThan(500)
      for (const secret of [admin.email, customer.email, admin.id, victims.id]) {
        expect(each.text).not.toContain(secret)
      }
    }
  })
})
