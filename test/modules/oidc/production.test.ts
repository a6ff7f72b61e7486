/** In production, behind a proxy that speaks HTTPS to browsers: the last part of the way is an open line. */
import { openHouse } from './house.ts'
import { authorizeUrl, WIKI } from './relying-party.ts'

const PRODUCTION = {
  TENON_ENV: 'production',
  DATABASE_URL: 'sqlite::memory:',
  AUTH_ISSUER: 'https://house.example',
  AUTH_KEY_SECRET: 'the secret that encrypts keys 0123456789',
  SMTP_URL: 'smtp://127.0.0.1:1',
  PUBLIC_URL: 'https://house.example',
}

describe('The identity provider in production', () => {
  it('sets secure cookies alone, and names itself by its public address', async () => {
    await using house = await openHouse({ settings: { clients: [WIKI] }, env: PRODUCTION })
    const metadata = await (await fetch(`${house.issuer}/.well-known/openid-configuration`)).json()
    expect(metadata).toMatchObject({
      issuer: 'https://house.example/oidc',
      authorization_endpoint: 'https://house.example/oidc/auth',
      token_endpoint: 'https://house.example/oidc/token',
    })
    const response = await fetch(authorizeUrl(house), { redirect: 'manual' })
    expect(response.headers.get('location')).toMatch(/^https:\/\/house\.example\/oidc\/interaction\//)
    const cookies = response.headers.getSetCookie()
    expect(cookies.length).toBeGreaterThan(1)
    for (const cookie of cookies)
      expect(cookie).toMatch(/^__(?:Secure|Host)-oidc-op.*; samesite=lax.*; secure; httponly$/i)
  })
})
