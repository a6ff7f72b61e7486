import fc from 'fast-check'
import { AccessTokens, ApiKeys } from 'tenon/auth'

import { AllOfAuth } from '../all-of-auth.ts'
import { bearer, deskApp } from '../tokens/desk.ts'

const RUNS = process.env['FULL'] === '1' ? 20_000 : 300

describe('Whatever is sent as a credential', () => {
  it('is refused when it is not, character by character, one that was issued', async () => {
    await using app = await deskApp(AllOfAuth).boot()
    const { accessToken } = await app.get(AccessTokens).issue({ id: 'ada' })
    const { secret } = await app.get(ApiKeys).create({ owner: { id: 'ada' }, name: 'import' })
    const access = app.get(AccessTokens)

    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(accessToken, secret),
        fc.nat(),
        fc.constantFrom('replace', 'insert', 'remove', 'cut'),
        fc.constantFrom(...'ABCXYZabcxyz0189-_.='),
        async (credential, place, change, character) => {
          const at = place % credential.length
          const rest = credential.slice(change === 'insert' ? at : at + 1)
          const changed =
            change === 'cut'
              ? credential.slice(0, at)
              : credential.slice(0, at) + (change === 'remove' ? '' : character) + rest
          fc.pre(changed !== credential && changed !== '')
          const response = await app.request('/desk/me', bearer(changed))
          expect(response.status).toBe(401)
        },
      ),
      { numRuns: RUNS },
    )

    expect((await access.verify(accessToken)).principal.id).toBe('ada')
    expect((await app.request('/desk/me', bearer(secret))).status).toBe(200)
  })

  it('never ends in anything but a 401', async () => {
    await using app = await deskApp(AllOfAuth).boot()
    const { accessToken } = await app.get(AccessTokens).issue({ id: 'ada' })
    const text = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) })
    const part = fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'))
    const token = fc.tuple(part, part, part).map((parts) => parts.join('.'))
    const credential = fc.oneof(
      text,
      token,
      fc
        .tuple(fc.constantFrom('Bearer ', 'DPoP ', 'Basic ', 'bearer  '), fc.oneof(text, token))
        .map(([scheme, value]) => scheme + value),
    )

    await fc.assert(
      fc.asyncProperty(fc.constantFrom('authorization', 'x-api-key', 'dpop'), credential, async (name, value) => {
        const response = await app.request('/desk/me', { headers: { [name]: value } })
        expect(response.status).toBe(401)
      }),
      { numRuns: RUNS },
    )

    expect((await app.request('/desk/me', bearer(accessToken))).status).toBe(200)
  })

  it('costs the database next to nothing when it is made up', async () => {
    await using app = await deskApp(AllOfAuth).env({ DATABASE_LOG: 'true' }).boot()
    const { accessToken } = await app.get(AccessTokens).issue({ id: 'ada' })
    const [, body, signature] = accessToken.split('.')
    const header = (kid: string) =>
      Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: 'at+jwt', kid })).toString('base64url')
    await app.request('/desk/me', bearer(accessToken))
    const before = app.logs.lines.length

    const flood = Array.from({ length: 200 }, (_, call) =>
      app.request(
        '/desk/me',
        call % 2 === 0
          ? bearer(`${header(`k${call}`)}.${body}.${signature}`)
          : { headers: { 'x-api-key': `tnn_test_${call}` } },
      ),
    )
    const answers = await Promise.all(flood)

    expect(answers.every(({ status }) => status === 401)).toBe(true)
    const statements = app.logs.lines.slice(before).filter(({ message }) => /SELECT|INSERT|UPDATE/.test(message))
    expect(statements.length).toBeLessThanOrEqual(1)
    expect((await app.request('/desk/me', bearer(accessToken))).status).toBe(200)
  })
})
