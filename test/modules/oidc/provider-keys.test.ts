import { decodeProtectedHeader } from 'jose'

import { KeySet, PublicUrl } from 'tenon/auth'
import { OidcProvider } from 'tenon/oidc'

import { openHouse } from './house.ts'
import { authorize, exchange, userInfo, WIKI } from './relying-party.ts'

const keyOf = (token: string): string | undefined => decodeProtectedHeader(token).kid

describe('Keys of the identity provider', () => {
  it('are those of the application, and change with them while it runs', async () => {
    await using house = await openHouse({ settings: { clients: [WIKI] } })
    await house.member()
    const keySet = house.app.get(KeySet)
    const before = keySet.current.id
    const first = (await exchange(house, await authorize(house))).tokens
    expect(keyOf(first.id_token)).toBe(before)
    await keySet.rotate({ immediately: true })
    const second = (await exchange(house, await authorize(house))).tokens
    expect(keyOf(second.id_token)).toBe(keySet.current.id)
    expect(keySet.current.id).not.toBe(before)
    const { keys } = (await (await fetch(`${house.issuer}/jwks`)).json()) as { keys: { kid: string; d?: string }[] }
    expect(keys.map(({ kid }) => kid)).toEqual([keySet.current.id, before])
    expect(keys.every(({ d }) => d === undefined)).toBe(true)
    expect((await userInfo(house, first.access_token)).status).toBe(200)
  })

  it.each(['ES256', 'RS256', 'ML-DSA-65'])('sign with %s', async (algorithm) => {
    await using house = await openHouse({ settings: { clients: [WIKI] }, env: { AUTH_ALGORITHM: algorithm } })
    await house.member()
    const { tokens } = await exchange(house, await authorize(house))
    expect(decodeProtectedHeader(tokens.id_token).alg).toBe(algorithm)
  })

  it('must have a public half', async () => {
    const env = { AUTH_ALGORITHM: 'HS256', AUTH_SHARED_SECRET: 'x'.repeat(32) }
    await expect(openHouse({ env })).rejects.toMatchObject({ code: 'OIDC_KEYS_SYMMETRIC' })
  })

  it('and the path of choice make the issuer', async () => {
    await using house = await openHouse({ prefix: '/id', settings: { clients: [WIKI], title: 'Come in' } })
    await house.member()
    expect(house.app.get(OidcProvider).issuer).toBe(house.app.get(PublicUrl).to('/id').href)
    expect((await exchange(house, await authorize(house))).status).toBe(200)
  })

  it.each([
    ['an open line', { redirectUris: ['http://wiki.example/back'] }],
    ['a pattern', { redirectUris: ['https://*.wiki.example/back'] }],
    ['a script', { redirectUris: ['javascript:alert(1)'] }],
    ['nowhere', { redirectUris: [] }],
    ['a short secret', { secret: 'short' }],
  ])('a client with %s does not start', async (_name, change) => {
    await expect(openHouse({ settings: { clients: [{ ...WIKI, ...change }] } })).rejects.toMatchObject({
      code: 'OIDC_CLIENT_INVALID',
    })
  })
})
