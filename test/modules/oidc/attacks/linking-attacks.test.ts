/** Ways to log in are added and removed by whoever proves to own the account, and nobody else. */
import { PasswordHasher } from 'tenon/auth'

import { openTown, PASSWORD, problemOf, type Desk, type Town } from '../desk.ts'
import { Surfer, type Page } from '../surfer.ts'

const ADA = { sub: 'ada-at-acme', email: 'someone@acme.example', email_verified: true }
const isCallback = (location: URL): boolean => location.pathname.endsWith('/callback')

async function openWithAda(): Promise<Town & { readonly ada: string }> {
  const town = await openTown(ADA)
  const passwordHash = await town.desk.app.get(PasswordHasher).hash(PASSWORD)
  const { id } = await town.desk.account({ passwordHash })
  return { ...town, ada: id }
}

async function adaIn(desk: Desk): Promise<Surfer> {
  const surfer = new Surfer()
  expect((await desk.logIn(surfer, 'ada@example.org')).status).toBe(200)
  return surfer
}

const link = (desk: Desk, surfer: Surfer, json: object): Promise<Page> =>
  surfer.open(`${desk.url}/auth/oidc/acme/link`, { json })
const locationOf = (page: Page): string => (JSON.parse(page.text) as { location: string }).location
const identities = async (desk: Desk, surfer: Surfer): Promise<readonly { readonly id: string }[]> =>
  JSON.parse((await surfer.open(`${desk.url}/auth/oidc/identities`)).text) as { id: string }[]

describe('Linking an identity', () => {
  it('asks for the password again, and opens the account from then on', async () => {
    await using town = await openWithAda()
    const { desk, ada } = town
    const surfer = await adaIn(desk)
    expect(problemOf(await link(desk, surfer, {}))).toBe('OIDC_REAUTHENTICATION_NEEDED')
    expect(problemOf(await link(desk, surfer, { password: 'wrong' }))).toBe('AUTH_PASSWORD_WRONG')
    const asked = await link(desk, surfer, { password: PASSWORD, returnTo: '/me' })
    const back = await surfer.open(locationOf(asked))
    expect([back.url.pathname, back.status]).toEqual(['/me', 200])
    expect(await identities(desk, surfer)).toHaveLength(1)

    const other = new Surfer()
    const me = await other.open(`${desk.url}/auth/oidc/acme/login?returnTo=/me`)
    expect(JSON.parse(me.text)).toMatchObject({ id: ada })
  })

  it('needs the CSRF token, as everything that a cookie authenticates', async () => {
    await using town = await openWithAda()
    const surfer = await adaIn(town.desk)
    const token = surfer.csrfToken
    surfer.csrfToken = undefined
    expect((await link(town.desk, surfer, { password: PASSWORD })).status).toBe(403)
    surfer.csrfToken = token
    expect((await link(town.desk, surfer, { password: PASSWORD })).status).toBe(200)
  })

  it('an attacker’s answer links nothing to whoever opens it', async () => {
    await using town = await openWithAda()
    const { desk } = town
    await desk.account({ email: 'eve@example.org', passwordHash: await desk.app.get(PasswordHasher).hash(PASSWORD) })
    const eve = new Surfer()
    await desk.logIn(eve, 'eve@example.org')
    const answer = (await eve.open(locationOf(await link(desk, eve, { password: PASSWORD })), { until: isCallback }))
      .location!

    const victim = await adaIn(desk)
    expect(problemOf(await victim.open(answer))).toBe('OIDC_ATTEMPT_INVALID')
    // Even with a cookie that was planted in the victim's browser: the session is another.
    victim.setCookie('localhost', 'oidc-attempt', eve.cookie('localhost', 'oidc-attempt')!)
    expect(problemOf(await victim.open(answer))).toBe('OIDC_ATTEMPT_INVALID')
    expect(await identities(desk, victim)).toEqual([])

    const right = await link(desk, eve, { password: PASSWORD, returnTo: '/me' })
    expect((await eve.open(locationOf(right))).status).toBe(200)
    expect(await identities(desk, eve)).toHaveLength(1)
  })

  it('does not end in another session than it began in', async () => {
    await using town = await openWithAda()
    const { desk } = town
    const surfer = await adaIn(desk)
    const asked = await link(desk, surfer, { password: PASSWORD })
    const answer = (await surfer.open(locationOf(asked), { until: isCallback })).location!
    await desk.logIn(surfer, 'ada@example.org')
    expect(problemOf(await surfer.open(answer))).toBe('OIDC_ATTEMPT_INVALID')
    const again = await link(desk, surfer, { password: PASSWORD, returnTo: '/me' })
    expect((await surfer.open(locationOf(again))).status).toBe(200)
  })

  it('an identity opens one account: another one cannot take it', async () => {
    await using town = await openWithAda()
    const { desk } = town
    await desk.account({ email: 'eve@example.org', passwordHash: await desk.app.get(PasswordHasher).hash(PASSWORD) })
    const ada = await adaIn(desk)
    await ada.open(locationOf(await link(desk, ada, { password: PASSWORD, returnTo: '/me' })))
    const eve = new Surfer()
    await desk.logIn(eve, 'eve@example.org')
    const taken = await eve.open(locationOf(await link(desk, eve, { password: PASSWORD })))
    expect([taken.status, problemOf(taken)]).toEqual([409, 'OIDC_IDENTITY_TAKEN'])
  })

  it('is undone by the owner, with the password, and never the last way in', async () => {
    await using town = await openWithAda()
    const { desk, idp } = town
    const ada = await adaIn(desk)
    await ada.open(locationOf(await link(desk, ada, { password: PASSWORD, returnTo: '/me' })))
    const [{ id } = { id: '' }] = await identities(desk, ada)
    const remove = (surfer: Surfer, json: object) =>
      surfer.open(`${desk.url}/auth/oidc/identities/${id}/unlink`, { json })
    expect(problemOf(await remove(ada, {}))).toBe('OIDC_REAUTHENTICATION_NEEDED')
    expect((await remove(ada, { password: PASSWORD })).status).toBe(204)
    expect(problemOf(await remove(ada, { password: PASSWORD }))).toBe('OIDC_IDENTITY_MISSING')

    idp.person = { sub: 'new', email: 'new@example.org', email_verified: true }
    const without = new Surfer()
    await without.open(`${desk.url}/auth/oidc/acme/login?returnTo=/me`)
    const csrf = await without.open(`${desk.url}/auth/csrf`)
    without.csrfToken = (JSON.parse(csrf.text) as { csrfToken: string }).csrfToken
    const [only] = await identities(desk, without)
    const last = await without.open(`${desk.url}/auth/oidc/identities/${only!.id}/unlink`, { json: {} })
    expect([last.status, problemOf(last)]).toEqual([409, 'OIDC_LAST_WAY_IN'])
  })
})
