import { AccessTokens, KeySet, KeySetsModule, TokensModule } from 'tenon/auth'
import type { TestApp } from 'tenon/testing'

import { bearer, deskApp } from '../tokens/desk.ts'

async function states(app: TestApp): Promise<readonly string[]> {
  const { data } = await app.application.run('keys:list')
  return (data as readonly { readonly state: string }[]).map(({ state }) => state)
}

describe('tenon keys', () => {
  it('lists, rotates and revokes', async () => {
    await using app = await deskApp().boot()
    const { accessToken } = await app.get(AccessTokens).issue({ id: 'ada' })
    const first = app.get(KeySet).current.id

    expect(await states(app)).toEqual(['signs'])
    await app.application.run('keys:rotate')
    expect(await states(app)).toEqual(['signs', 'next'])
    const { text } = await app.application.run('keys:revoke', { arguments: { id: first } })

    expect(text).toContain(`The key ${first} is forgotten`)
    expect(app.get(KeySet).current.id).not.toBe(first)
    expect((await app.request('/desk/me', bearer(accessToken))).status).toBe(401)
  })

  it('rotates at once when told to', async () => {
    await using app = await deskApp().boot()

    await app.application.run('keys:rotate', { options: { now: 'true' } })

    expect(await states(app)).toEqual(['verifies', 'signs'])
  })

  it('says that given keys are not ours to change', async () => {
    const keys = KeySetsModule.with({ algorithm: 'HS256', sharedSecret: 'a shared secret of more than 32 characters' })
    await using app = await deskApp(TokensModule, keys).boot()

    await expect(app.application.run('keys:rotate')).rejects.toMatchObject({ code: 'AUTH_KEYS_NOT_ROTATED' })
  })
})
