/** The endpoints of logins with others, below a path of choice. */
import { Controller, NoTenant, type Class } from 'tenon/decorators'

import { IdentityController } from './identity-controller.ts'
import { LoginController } from './login-controller.ts'

const REASON = 'An account is found before its tenant is known.'

export function loginEndpoints(path: string): readonly Class[] {
  const options = { path, tags: ['OIDC'] }

  @Controller(options)
  @NoTenant(REASON)
  class OidcIdentities extends IdentityController {
    protected override readonly prefix = path
  }

  @Controller(options)
  @NoTenant(REASON)
  class OidcLogin extends LoginController {
    protected override readonly prefix = path
  }

  return [OidcIdentities, OidcLogin]
}
