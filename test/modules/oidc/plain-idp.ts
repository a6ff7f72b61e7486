/** oidc-provider as it is, on a port of its own: an identity provider that somebody else runs. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import Provider, { type Configuration } from 'oidc-provider'

/** Somebody with an account there. */
export interface Person {
  readonly sub: string
  readonly amr?: readonly string[]
  readonly [claim: string]: unknown
}

export interface PlainIdp extends AsyncDisposable {
  readonly issuer: string
  readonly provider: Provider
  /** Who is logged in there. `undefined`: refuses. */
  person: Person | undefined
  /** What the token endpoint was asked. */
  readonly requests: string[]
}

export const CLIENT = { clientId: 'desk', clientSecret: 'the-secret-of-the-desk-0123456789' }

export async function plainIdp(redirectUris: readonly string[], logoutUris: readonly string[] = []): Promise<PlainIdp> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const people = new Map<string, Person>()
  const requests: string[] = []
  const provider = new Provider(issuer, settings(redirectUris, logoutUris, people))
  const answer = provider.callback()
  const idp: PlainIdp = {
    issuer,
    provider,
    person: undefined,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    requests.push(`${request.method} ${request.url}`)
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response)
    if (idp.person) people.set(idp.person.sub, idp.person)
    void interact(provider, request, response, idp.person)
  })
  return idp
}

async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse, person?: Person) {
  if (!person) return provider.interactionFinished(request, response, { error: 'access_denied' })
  const { params, grantId } = await provider.interactionDetails(request, response)
  const grant =
    (grantId === undefined ? undefined : await provider.Grant.find(grantId)) ??
    new provider.Grant({ accountId: person.sub, clientId: String(params['client_id']) })
  grant.addOIDCScope(String(params['scope']))
  return provider.interactionFinished(request, response, {
    login: { accountId: person.sub, ...(person.amr && { amr: [...person.amr] }) },
    consent: { grantId: await grant.save() },
  })
}

function settings(
  redirectUris: readonly string[],
  logoutUris: readonly string[],
  people: ReadonlyMap<string, Person>,
): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [...redirectUris],
        post_logout_redirect_uris: [...logoutUris],
      },
    ],
    cookies: { keys: ['a key of this test'] },
    claims: { openid: ['sub', 'amr', 'groups', 'org'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    findAccount: (_context, sub) => {
      const person = people.get(sub)
      return person && { accountId: sub, claims: () => person }
    },
    ttl: { AccessToken: 300, IdToken: 300, Interaction: 300, Session: 600, Grant: 600 },
  }
}
