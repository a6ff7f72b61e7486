import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'

import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { KeySet, KeySetsModule, TokensModule, AccessTokens, type KeySetsConfig } from 'tenon/auth'
import { Database, Migrations } from 'tenon/data'

import { onEveryDatabase } from '../../data/on-every-database.ts'
import { bearer, deskApp, logIn, sharedDatabase } from '../tokens/desk.ts'
import { AllOfAuth } from '../all-of-auth.ts'

const SECRET = 'a key secret of at least 32 characters'
const PRODUCTION = { TENON_ENV: 'production', AUTH_ISSUER: 'https://api.example', LOG_LEVEL: 'error' }

describe('KeySet', () => {
  for (const algorithm of ['EdDSA', 'ES256', 'RS256', 'ML-DSA-65'] as const) {
    it(`signs with ${algorithm}, so that everybody can verify with the published keys`, async () => {
      await using app = await deskApp(TokensModule, KeySetsModule.with({ algorithm })).boot()
      const { accessToken } = await logIn(app)

      const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', await app.url()))
      const { payload, protectedHeader } = await jwtVerify(accessToken, keys, {
        issuer: 'tenon',
        audience: 'tenon',
        typ: 'at+jwt',
        currentDate: new Date('2026-06-01T12:00:00Z'),
      })

      expect(protectedHeader).toEqual({ alg: algorithm, typ: 'at+jwt', kid: app.get(KeySet).current.id })
      expect(payload).toMatchObject({ sub: 'ada', client_id: 'ada', amr: ['pwd'], auth_time: 42 })
      expect((await app.request('/desk/me', bearer(accessToken))).status).toBe(200)
    })
  }

  it('signs with a shared secret and publishes nothing', async () => {
    const keys = KeySetsModule.with({ algorithm: 'HS256', sharedSecret: SECRET })
    await using app = await deskApp(TokensModule, keys).boot()
    const { accessToken } = await logIn(app)

    const published = await app.request('/.well-known/jwks.json')

    expect(decodeProtectedHeader(accessToken).alg).toBe('HS256')
    expect((await app.request('/desk/me', bearer(accessToken))).status).toBe(200)
    expect(await published.json()).toEqual({ keys: [] })
  })

  it('publishes public keys only, and says for how long they may be kept', async () => {
    await using app = await deskApp(TokensModule, KeySetsModule.with({ algorithm: 'RS256' })).boot()

    const response = await app.request('/.well-known/jwks.json')

    expect(response.headers.get('content-type')).toMatch(/^application\/jwk-set\+json/)
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
    const { keys } = (await response.json()) as { readonly keys: readonly object[] }
    expect(keys.map((key) => Object.keys(key).toSorted())).toEqual([['alg', 'e', 'kid', 'kty', 'n', 'use']])
  })

  it('keeps private keys encrypted, bound to their row', async () => {
    await using app = await deskApp().env({ AUTH_KEY_SECRET: SECRET }).boot()
    const { manager } = app.get(Database).source

    const [row] = await manager.query<{ id: string; privateKey: string }[]>(
      'SELECT id, privateKey FROM auth_signing_keys',
    )

    expect(row!.privateKey).toMatch(/^v1\.[\w-]+$/)
    expect(row!.privateKey).not.toContain(app.get(KeySet).current.privateKey.export({ format: 'jwk' }).d)
    await manager.query('UPDATE auth_signing_keys SET id = ?', ['another'])
    await expect(app.get(KeySet).maintain()).rejects.toMatchObject({ code: 'AUTH_KEY_SECRET_WRONG' })
  })

  it('refuses to start with another secret than the one its keys were encrypted with', async () => {
    await using database = await sharedDatabase()
    const boot = (secret?: string) =>
      deskApp()
        .env({ DATABASE_URL: database.url, ...(secret === undefined ? {} : { AUTH_KEY_SECRET: secret }) })
        .boot()
    const first = await boot(SECRET)
    await first.close()

    await expect(boot('another secret of more than 32 characters')).rejects.toThrow(/AUTH_KEY_SECRET/)
    await expect(boot()).rejects.toThrow(/AUTH_KEY_SECRET/)
    await using again = await boot(SECRET)
    expect(again.get(KeySet).current).toBeDefined()
  })

  it('refuses to start in production without a secret for its keys, and without an issuer', async () => {
    const boot = (env: object) =>
      deskApp()
        .env({ DATABASE_URL: 'sqlite::memory:', ...PRODUCTION, ...env })
        .boot()

    await expect(boot({})).rejects.toThrow(/plain text/)
    await expect(boot({ AUTH_KEY_SECRET: SECRET, AUTH_ISSUER: undefined })).rejects.toThrow(/AUTH_ISSUER/)
    await expect(boot({ AUTH_KEY_SECRET: 'short' })).rejects.toThrow(/AUTH_KEY_SECRET/)
    await using app = await boot({ AUTH_KEY_SECRET: SECRET })
    expect(app.get(KeySet).current.algorithm).toBe('EdDSA')
  })

  it('refuses to sign with HS256 without a secret', async () => {
    await expect(deskApp().env({ AUTH_ALGORITHM: 'HS256' }).boot()).rejects.toMatchObject({
      code: 'AUTH_SHARED_SECRET_MISSING',
    })
  })
})

describe('Keys that were made elsewhere', () => {
  const jwk = (type: 'ed25519' | 'x25519' = 'ed25519') =>
    generateKeyPairSync(type as 'ed25519').privateKey.export({ format: 'jwk' })
  const boot = (settings: Partial<KeySetsConfig>) => deskApp(TokensModule, KeySetsModule.with(settings)).boot()

  it('sign with the first and verify with all', async () => {
    const [old, next] = [jwk(), jwk()]
    await using before = await boot({ signingKeys: JSON.stringify({ keys: [old, next] }) })
    await using after = await boot({ signingKeys: JSON.stringify({ keys: [next, old] }) })

    const tokens = await Promise.all(
      [before, after].map(async (app) => (await app.get(AccessTokens).issue({ id: 'ada' })).accessToken),
    )
    const answers = await Promise.all(
      [before, after].flatMap((app) =>
        tokens.map(async (token) => (await app.request('/desk/me', bearer(token))).status),
      ),
    )

    expect(before.get(KeySet).current.id).not.toBe(after.get(KeySet).current.id)
    expect(answers).toEqual([200, 200, 200, 200])
    await expect(before.get(KeySet).rotate()).rejects.toMatchObject({ code: 'AUTH_KEYS_NOT_ROTATED' })
  })

  it('come from a file', async () => {
    await using database = await sharedDatabase()
    const file = database.url.replace('sqlite:', '').replace('test.sqlite', 'keys.json')
    await writeFile(file, JSON.stringify({ keys: [jwk()] }))

    await using app = await boot({ signingKeysFile: file })

    expect((await app.request('/desk/me', bearer((await logIn(app)).accessToken))).status).toBe(200)
  })

  it('are refused by name when they are no keys, and never shown', async () => {
    const { d: secret, ...publicKey } = jwk()
    const cases: readonly (readonly [string, RegExp])[] = [
      ['not json', /is not JSON/],
      ['{}', /has no keys/],
      ['{"keys":[]}', /there is none/],
      [JSON.stringify({ keys: [publicKey] }), /key 1 is no private key/],
      [JSON.stringify({ keys: [jwk(), jwk('x25519')] }), /key 2 is no private key for EdDSA/],
      [JSON.stringify({ keys: [{ ...jwk(), alg: 'none' }] }), /key 1 has an unknown alg/],
      [JSON.stringify({ keys: [{ kty: 'oct', k: 'c2VjcmV0', alg: 'HS256' }] }), /key 1 is no private key for HS256/],
    ]

    for (const [signingKeys, message] of cases) await expect(boot({ signingKeys })).rejects.toThrow(message)
    await expect(boot({ signingKeys: `{"keys":"${secret}"}` })).rejects.not.toThrow(new RegExp(secret!))
    await expect(boot({ signingKeysFile: '/nowhere/keys.json' })).rejects.toThrow(/ENOENT/)
  })
})

onEveryDatabase('The tables of identity', (database) => {
  it('are as the entities say, and can be taken back', async () => {
    await using empty = await database.create()
    await using app = await deskApp(AllOfAuth).env({ DATABASE_URL: empty.url }).boot()
    const migrations = app.get(Migrations)

    expect(await migrations.drift()).toEqual({ statements: [], losses: [] })
    const { length } = await migrations.status()
    expect(length).toBeGreaterThanOrEqual(6)
    expect(await migrations.rollback({ steps: length })).toHaveLength(length)
  })
})
