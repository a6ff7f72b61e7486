/** Doing something very often: what is free for one is not free for many. */
import { expecting, PASSWORD, Siege, type Team } from './siege.ts'
import { invitation } from './routes.ts'

describe('The starter kit, called very often', () => {
  let siege: Siege
  let team: Team
  let strangers: Team

  beforeAll(async () => {
    siege = await Siege.begin({ HTTP_TRUST_PROXY: '' })
    team = await siege.team('kestrel-works')
    strangers = await siege.team('magpie-works')
  })

  afterAll(() => siege[Symbol.asyncDispose]())

  it('sends no mails to everybody for an organisation', async () => {
    const invite = async (index: number) =>
      (await siege.as(team.admin, { path: '/api/invitations', json: invitation(`i${index}@evil.example`) })).status

    const statuses: number[] = []
    for (let index = 0; index < 205; index += 1) statuses.push(await invite(index))

    expect(statuses.slice(0, 200)).toEqual(Array<number>(200).fill(201))
    expect(statuses.at(-1)).toBe(429)
    expecting(
      201,
      await siege.as(strangers.admin, { path: '/api/invitations', json: invitation('one@magpie.example') }),
    )
  })

  it('founds no organisations without end from one address, whatever proxies it invents', async () => {
    const signUp = (index: number) =>
      siege.send({
        path: '/api/auth/sign-up',
        json: { email: `s${index}@evil.example`, password: PASSWORD, name: 'Eve', organisation: `Evil ${index}` },
        headers: { 'x-forwarded-for': `203.0.113.${index}`, forwarded: `for=203.0.113.${index}` },
      })

    const statuses: number[] = []
    for (let index = 0; index < 25; index += 1) statuses.push((await signUp(index)).status)

    expect(statuses.slice(0, 20)).toEqual(Array<number>(20).fill(202))
    expect(statuses.slice(20)).toEqual(Array<number>(5).fill(429))
    expecting(200, await siege.as(team.agent, { path: '/api/tickets' }))
  })

  it('fills no mailbox of somebody else', async () => {
    const sent = () => siege.outbox.mails.filter(({ to }) => to === team.agent.email).length
    for (let index = 0; index < 12; index += 1) {
      await siege.send({ path: '/api/auth/password/forgot', json: { email: team.agent.email } })
    }
    await siege.codeFor(team.agent.email)

    expect(sent()).toBeGreaterThan(0)
    expect(sent()).toBeLessThanOrEqual(5)
  })

  it('takes no guesses at codes without end', async () => {
    const statuses: number[] = []
    for (let index = 0; index < 40; index += 1) {
      const json = { code: `${index}`.padStart(43, 'A'), password: PASSWORD }
      statuses.push((await siege.send({ path: '/api/auth/password/reset', json })).status)
    }

    // Codes have 256 bits: guessing is hopeless, refused each time, and costs no hash.
    expect(statuses.filter((status) => status !== 400 && status !== 429)).toEqual([])
  })
})
