/** An application to call with API keys: its safe is only for those with a scope. */
import { Authenticated, Controller, CurrentUser, Get, Module, type Principal } from 'tenon'
import { AccessModule, Scopes } from 'tenon/access'
import { ApiKeysModule } from 'tenon/auth'
import type { ModuleImport } from 'tenon/decorators'
import { testApp, type TestAppBuilder } from 'tenon/testing'

@Controller('/vault')
@Authenticated()
class VaultController {
  @Get('/me')
  me(@CurrentUser() caller: Principal): Principal {
    return caller
  }

  @Get('/safe')
  @Scopes('safe:read')
  safe(): string {
    return 'gold'
  }
}

@Module({ imports: [AccessModule], controllers: [VaultController] })
class VaultModule {}

export function vaultApp(keys: ModuleImport = ApiKeysModule, ...others: readonly ModuleImport[]): TestAppBuilder {
  return testApp(VaultModule, keys, ...others).clock('2026-06-01T12:00:00Z')
}

export function withKey(secret: string): { readonly headers: Readonly<Record<string, string>> } {
  return { headers: { 'x-api-key': secret } }
}
