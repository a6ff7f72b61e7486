import { crc32 } from 'node:zlib'

import { Clock } from 'tenon'
import { ApiKeys, ApiKeysModule, TokensModule } from 'tenon/auth'
import type { FakeClock, TestApp } from 'tenon/testing'

import { vaultApp, withKey } from '../api-keys/vault.ts'

const ADA = { id: 'ada', tenant: 'acme' }

interface Given {
  readonly app: TestApp
  readonly secret: string
  readonly keyId: string
}

const ATTACKS: Readonly<Record<string, (given: Given) => string | Promise<string>>> = {
  'with a wrong checksum': ({ secret }) => secret.slice(0, -1) + (secret.endsWith('A') ? 'B' : 'A'),
  'with one character changed': ({ secret }) =>
    secret.replace(/_(.)(.{42})_/, (_, first: string, rest: string) => `_${first === 'a' ? 'b' : 'a'}${rest}_`),
  'made up in the right form': () => {
    const secret = `tnn_test_${'7'.repeat(43)}`
    return `${secret}_${checksumOf(secret)}`
  },
  'of another environment': ({ secret }) => secret.replace('_test_', '_live_'),
  'of another application': ({ secret }) => secret.replace('tnn_', 'ghp_'),
  'only its hint': ({ secret }) => secret.slice(0, 13),
  'only its id': ({ keyId }) => keyId,
  empty: () => '',
  'with SQL in it': ({ secret }) => `${secret}' OR '1'='1`,
  'of ten thousand characters': ({ secret }) => secret + 'a'.repeat(10_000),
  twice: ({ secret }) => `${secret}, ${secret}`,
  'with a NUL at its end': ({ secret }) => `${secret}%00`,
}

describe('An API key is refused:', () => {
  it.each(Object.entries(ATTACKS))('%s', async (_, attack) => {
    await using app = await vaultApp().boot()
    const { secret, key } = await app.get(ApiKeys).create({ owner: ADA, name: 'import' })

    const refused = await app.request('/vault/me', withKey(await attack({ app, secret, keyId: key.id })))
    const legitimate = await app.request('/vault/me', withKey(secret))

    expect(await refused.json()).toMatchObject({ status: 401, code: 'AUTH_API_KEY_INVALID' })
    expect(refused.headers.get('www-authenticate')).toMatch(/^ApiKey/)
    expect(legitimate.status).toBe(200)
  })

  it('that expired, also while it is remembered as good', async () => {
    await using app = await vaultApp().boot()
    const clock = app.get(Clock) as FakeClock
    const expiresAt = new Date(clock.now().getTime() + 30_000)
    const { secret } = await app.get(ApiKeys).create({ owner: ADA, name: 'import', expiresAt })
    const { secret: other } = await app.get(ApiKeys).create({ owner: ADA, name: 'export' })
    const status = async (key: string) => (await app.request('/vault/me', withKey(key))).status

    const before = await status(secret)
    await clock.advance(30_000)

    expect([before, await status(secret), await status(other)]).toEqual([200, 401, 200])
  })

  it('that was revoked, also while it is remembered as good, and right after it was replaced', async () => {
    await using app = await vaultApp().boot()
    const keys = app.get(ApiKeys)
    const { secret, key } = await keys.create({ owner: ADA, name: 'import' })
    const status = async (each: string) => (await app.request('/vault/me', withKey(each))).status
    const next = await keys.rotate('ada', key.id)
    const before = await status(secret)

    await keys.revoke('ada', key.id)

    expect([before, await status(secret), await status(next.secret)]).toEqual([200, 401, 200])
  })

  it('for what its scopes do not allow', async () => {
    await using app = await vaultApp().boot()
    const keys = app.get(ApiKeys)
    const narrow = await keys.create({ owner: ADA, name: 'narrow', scopes: ['safe:look'] })
    const wide = await keys.create({ owner: ADA, name: 'wide', scopes: ['safe:look', 'safe:read'] })

    expect((await app.request('/vault/safe', withKey(narrow.secret))).status).toBe(403)
    expect((await app.request('/vault/safe', withKey(wide.secret))).status).toBe(200)
  })

  it('to be made with more than its maker has', async () => {
    await using app = await vaultApp().boot()
    const keys = app.get(ApiKeys)
    const owner = { ...ADA, scopes: ['safe:look'] }

    await expect(keys.create({ owner, name: 'x', scopes: ['safe:look', 'safe:read'] })).rejects.toMatchObject({
      code: 'AUTH_API_KEY_SCOPES',
      status: 403,
    })
    expect((await keys.create({ owner, name: 'x' })).key.scopes).toEqual(['safe:look'])
  })

  it('to be replaced or revoked by somebody else', async () => {
    await using app = await vaultApp().boot()
    const keys = app.get(ApiKeys)
    const { key, secret } = await keys.create({ owner: ADA, name: 'import' })

    await expect(keys.revoke('mallory', key.id)).rejects.toMatchObject({ code: 'AUTH_API_KEY_UNKNOWN', status: 404 })
    await expect(keys.rotate('mallory', key.id)).rejects.toMatchObject({ code: 'AUTH_API_KEY_UNKNOWN' })
    expect((await app.request('/vault/me', withKey(secret))).status).toBe(200)
    await keys.revoke('ada', key.id)
    expect((await app.request('/vault/me', withKey(secret))).status).toBe(401)
  })

  it('as an access token, and an access token as a key', async () => {
    await using app = await vaultApp(TokensModule, ApiKeysModule).boot()
    const { secret } = await app.get(ApiKeys).create({ owner: ADA, name: 'import' })

    const asDpop = await app.request('/vault/me', { headers: { authorization: `DPoP ${secret}` } })
    const asKey = await app.request('/vault/me', withKey('eyJhbGciOiJub25lIn0.e30.x'))

    expect([asDpop.status, asKey.status]).toEqual([401, 401])
    expect((await app.request('/vault/me', { headers: { authorization: `Bearer ${secret}` } })).status).toBe(200)
  })

  it('in the query, where logs would keep it', async () => {
    await using app = await vaultApp().boot()
    const { secret } = await app.get(ApiKeys).create({ owner: ADA, name: 'import' })

    expect((await app.request(`/vault/me?x-api-key=${secret}`)).status).toBe(401)
    expect((await app.request('/vault/me', withKey(secret))).status).toBe(200)
  })
})

function checksumOf(text: string): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  let rest = crc32(text)
  let checksum = ''
  for (let place = 0; place < 6; place += 1) {
    checksum = digits[rest % 62] + checksum
    rest = Math.floor(rest / 62)
  }
  return checksum
}
