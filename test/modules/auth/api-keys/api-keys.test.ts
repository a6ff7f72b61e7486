import { crc32 } from 'node:zlib'

import { Clock, Module, type Principal } from 'tenon'
import { ApiKeys, ApiKeysModule, KnownPrincipals, TokensModule } from 'tenon/auth'
import { Database } from 'tenon/data'
import { Injectable } from 'tenon/decorators'
import type { FakeClock, TestApp } from 'tenon/testing'

import { sharedDatabase } from '../tokens/desk.ts'
import { vaultApp, withKey } from './vault.ts'

const ADA: Principal = { id: 'ada', roles: ['agent'], tenant: 'acme' }
const move = (app: TestApp, seconds: number): Promise<void> => (app.get(Clock) as FakeClock).advance(seconds * 1000)
const statusOf = async (app: TestApp, secret: string): Promise<number> =>
  (await app.request('/vault/me', withKey(secret))).status

describe('ApiKeys', () => {
  it('makes keys that call in the name of their owner, limited to their scopes', async () => {
    await using app = await vaultApp().boot()

    const { key, secret } = await app.get(ApiKeys).create({ owner: ADA, name: 'import', scopes: ['safe:read'] })
    const me = await app.request('/vault/me', withKey(secret))

    expect(await me.json()).toEqual({
      id: 'ada',
      roles: ['agent'],
      scopes: ['safe:read'],
      tenant: 'acme',
      authentication: { scheme: 'apiKey', credentialId: key.id, factors: [] },
    })
    expect(await (await app.request('/vault/safe', withKey(secret))).text()).toBe('gold')
  })

  it('takes them as bearer tokens too, beside access tokens', async () => {
    for (const modules of [
      [ApiKeysModule, TokensModule],
      [TokensModule, ApiKeysModule],
    ] as const) {
      await using app = await vaultApp(...modules).boot()
      const { secret } = await app.get(ApiKeys).create({ owner: ADA, name: 'import' })

      const response = await app.request('/vault/me', { headers: { authorization: `Bearer ${secret}` } })

      expect(await response.json()).toMatchObject({ id: 'ada', authentication: { scheme: 'apiKey' } })
    }
  })

  it('gives them a form that scanners find and typos break', async () => {
    await using app = await vaultApp().boot()

    const { key, secret } = await app.get(ApiKeys).create({ owner: ADA, name: 'import' })

    const [, body, checksum] = /^(tnn_test_[0-9A-Za-z]{43})_([0-9A-Za-z]{6})$/.exec(secret)!
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    expect([...checksum!].reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0)).toBe(crc32(body!))
    expect(secret.startsWith(key.hint)).toBe(true)
    expect(key.hint).toHaveLength('tnn_test_'.length + 4)
  })

  it('begins them as the settings say, and live in production', async () => {
    const keys = ApiKeysModule.with({ prefix: 'acme' })
    await using app = await vaultApp(keys).env({ TENON_ENV: 'production', DATABASE_URL: 'sqlite::memory:' }).boot()

    const { secret } = await app.get(ApiKeys).create({ owner: ADA, name: 'import' })

    expect(secret).toMatch(/^acme_live_/)
    await expect(vaultApp().env({ AUTH_API_KEY_PREFIX: 'Acme!' }).boot()).rejects.toThrow(/AUTH_API_KEY_PREFIX/)
  })

  it('lists what an owner has, without the secrets', async () => {
    await using app = await vaultApp().boot()
    const keys = app.get(ApiKeys)
    const one = await keys.create({ owner: ADA, name: 'import', scopes: ['a'], expiresAt: new Date('2027-01-01') })
    await move(app, 1)
    const two = await keys.create({ owner: ADA, name: 'export' })
    await keys.create({ owner: { id: 'bob' }, name: 'other' })

    const listed = await keys.list('ada')

    expect(listed).toEqual([two.key, one.key])
    expect(listed[1]).toMatchObject({ scopes: ['a'], expiresAt: new Date('2027-01-01'), tenant: 'acme' })
    expect(JSON.stringify(listed)).not.toContain(one.secret)
    const rows = await app.get(Database).source.query('SELECT * FROM auth_api_keys')
    expect(JSON.stringify(rows)).not.toContain(one.secret.slice(14, 40))
  })

  it('replaces a key and lets the old one work for a day', async () => {
    await using app = await vaultApp().boot()
    const keys = app.get(ApiKeys)
    const old = await keys.create({ owner: ADA, name: 'import', scopes: ['safe:read'] })
    expect(await statusOf(app, old.secret)).toBe(200)

    const next = await keys.rotate('ada', old.key.id)

    expect(next.key).toMatchObject({ name: 'import', scopes: ['safe:read'], tenant: 'acme' })
    expect([await statusOf(app, old.secret), await statusOf(app, next.secret)]).toEqual([200, 200])
    await move(app, 86_400)
    expect([await statusOf(app, old.secret), await statusOf(app, next.secret)]).toEqual([401, 200])
  })

  it('says when a key was last used, written at most once a minute', async () => {
    await using app = await vaultApp().boot()
    const keys = app.get(ApiKeys)
    const { secret } = await keys.create({ owner: ADA, name: 'import' })
    const lastUsed = async () => {
      // The write is not waited for by calls; reading comes after it on the same connection.
      await new Promise(setImmediate)
      return (await keys.list('ada'))[0]!.lastUsedAt?.toISOString()
    }

    const uses = [await lastUsed()]
    for (const seconds of [0, 59, 1]) {
      await move(app, seconds)
      await statusOf(app, secret)
      uses.push(await lastUsed())
    }

    expect(uses).toEqual([
      undefined,
      '2026-06-01T12:00:00.000Z',
      '2026-06-01T12:00:00.000Z',
      '2026-06-01T12:01:00.000Z',
    ])
  })

  it('asks who the owner is by now', async () => {
    const people = new Map<string, Principal>([['ada', { id: 'ada', roles: ['admin'], scopes: ['everything'] }]])
    @Injectable()
    class People extends KnownPrincipals {
      async current({ id }: Principal): Promise<Principal | undefined> {
        return people.get(id)
      }
    }
    @Module({ providers: [{ provide: KnownPrincipals, useClass: People }] })
    class PeopleModule {}
    await using app = await vaultApp(ApiKeysModule, PeopleModule).boot()
    const { secret } = await app.get(ApiKeys).create({ owner: ADA, name: 'import', scopes: ['a'] })

    const me = await app.request('/vault/me', withKey(secret))
    people.clear()
    await move(app, 61)

    expect(await me.json()).toMatchObject({ roles: ['admin'], scopes: ['a'], tenant: 'acme' })
    expect(await statusOf(app, secret)).toBe(401)
  })

  it('refuses within a second what another process revoked', async () => {
    await using database = await sharedDatabase()
    await using one = await vaultApp().env({ DATABASE_URL: database.url }).boot()
    await using other = await vaultApp()
      .clock(one.get(Clock) as FakeClock)
      .env({ DATABASE_URL: database.url })
      .boot()
    const { key, secret } = await one.get(ApiKeys).create({ owner: ADA, name: 'import' })
    const before = await statusOf(other, secret)

    await one.get(ApiKeys).revoke('ada', key.id)
    await move(one, 1.001)

    expect([before, await statusOf(other, secret)]).toEqual([200, 401])
  })
})
