/** The starter kit as the identity provider of another application: off by default, and by the desk's own page where it is on. */
import { randomUUID } from 'node:crypto'

import { AccountStore, PasswordHasher } from 'tenon/auth'

import { OrganisationsService } from '../../samples/starter-kit/organisations/organisations-service.ts'
import { freePort } from '../modules/oidc/free-port.ts'
import { BACK, authorizeUrl, exchange, isBack, WIKI } from '../modules/oidc/relying-party.ts'
import type { House } from '../modules/oidc/house.ts'
import { Surfer } from '../modules/oidc/surfer.ts'
import { Desk } from './starter-kit/desk.ts'

const PASSWORD = 'purple-Stapler-reads-7-books'

const CLIENT = {
  DESK_IDENTITY_PROVIDER: 'true',
  DESK_CLIENT_ID: WIKI.id,
  DESK_CLIENT_SECRET: WIKI.secret,
  DESK_CLIENT_REDIRECTS: BACK,
}

describe('The service desk', () => {
  it('is nobody’s identity provider unless it is asked to be', async () => {
    await using desk = await Desk.open()

    expect((await desk.app.request('/oidc/.well-known/openid-configuration')).status).toBe(404)
  })

  it('logs people in for another application, on its own page', async () => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    await using desk = await Desk.open((builder) => builder.env({ ...CLIENT, PUBLIC_URL: url }))
    await desk.app.application.listen({ port, host: '127.0.0.1', handleSignals: false })
    const agent = await desk.app.get(AccountStore).add({
      id: randomUUID(),
      email: 'agent@acme.example',
      tenant: (await desk.app.get(OrganisationsService).found('Acme')).id,
      roles: ['agent'],
      passwordHash: await desk.app.get(PasswordHasher).hash(PASSWORD),
      verifiedAt: 1,
      disabledAt: null,
      createdAt: 1,
      profile: { name: 'Agent' },
    })
    const house = { issuer: `${url}/oidc`, url } as House
    const surfer = new Surfer()

    const asked = await surfer.open(authorizeUrl(house), { until: ({ pathname }) => pathname === '/' })
    const returnTo = asked.location?.searchParams.get('returnTo') ?? ''
    surfer.csrfToken = JSON.parse((await surfer.open(`${url}/api/auth/csrf`)).text).csrfToken
    const login = await surfer.open(`${url}/api/auth/login`, { json: { email: agent.email, password: PASSWORD } })
    const consent = await surfer.open(new URL(returnTo, url))
    const back = await surfer.submit(consent, {}, { until: isBack })
    const { status, tokens } = await exchange(house, back.location!)

    expect(returnTo).toMatch(/^\/oidc\/interaction\//)
    expect([login.status, status]).toEqual([200, 200])
    const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1]!, 'base64url').toString())
    expect(claims).toMatchObject({ sub: agent.id, aud: WIKI.id, iss: house.issuer })
  })
})
