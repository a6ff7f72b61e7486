/** The authenticator that Chromium itself plays (WebAuthn §11): it says yes, and its user is verified. */
import type { CDPSession, Page } from 'puppeteer-core'

export interface VirtualAuthenticator {
  readonly devTools: CDPSession
  readonly authenticatorId: string
}

export async function addAuthenticator(page: Page): Promise<VirtualAuthenticator> {
  const devTools = await page.createCDPSession()
  await devTools.send('WebAuthn.enable')
  const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { devTools, authenticatorId }
}
