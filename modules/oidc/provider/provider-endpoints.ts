/** The endpoints of the authorization server, below a path of choice. */
import { Controller, NoTenant, type Class } from 'tenon/decorators'

import { InteractionController } from './interaction-controller.ts'
import { ProtocolController } from './protocol-controller.ts'

const REASON = 'Who logs in, and for which tenant, is found out here.'

export function providerEndpoints(path: string): readonly Class[] {
  const options = { path, tags: ['Identity provider'] }

  @Controller(options)
  @NoTenant(REASON)
  class OidcInteractions extends InteractionController {}

  @Controller(options)
  @NoTenant(REASON)
  class OidcProtocol extends ProtocolController {}

  return [OidcInteractions, OidcProtocol]
}
