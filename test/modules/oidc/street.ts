import { openDesk, type Desk } from './desk.ts'
import { freePort } from './free-port.ts'
import { openHouse, type House, type HouseSettings } from './house.ts'
import { CLIENT } from './plain-idp.ts'

export interface Street extends AsyncDisposable {
  readonly house: House
  readonly desk: Desk
}

/** An identity provider and an application that logs people in with it, both ours. */
export async function openStreet(client: object = {}, house: HouseSettings = {}): Promise<Street> {
  const port = await freePort()
  const home = await openHouse({
    ...house,
    settings: {
      ...house.settings,
      clients: [
        {
          id: CLIENT.clientId,
          secret: CLIENT.clientSecret,
          title: 'The Desk',
          redirectUris: [`http://localhost:${port}/auth/oidc/home/callback`],
          logoutUris: [`http://localhost:${port}/`],
          ...client,
        },
      ],
    },
  })
  const desk = await openDesk({
    port,
    issuers: [{ name: 'home', issuer: home.issuer, internal: true, ...CLIENT, scope: 'openid email' }],
  })
  return {
    house: home,
    desk,
    [Symbol.asyncDispose]: async () => {
      await desk[Symbol.asyncDispose]()
      await home[Symbol.asyncDispose]()
    },
  }
}
