/** An application to call with tokens: it logs anybody in, and tells callers who they are. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Body, Controller, CurrentUser, Get, Module, Post, Public, type ModuleImport, type Principal } from 'tenon'
import { TokenIssuer, TokensModule, type IssuedTokens } from 'tenon/auth'
import { IsOptional, IsString } from 'tenon/validation'
import { testApp, type TestApp, type TestAppBuilder } from 'tenon/testing'

export class Login {
  @IsString()
  readonly id!: string

  @IsOptional()
  @IsString({ each: true })
  readonly roles?: string[]

  @IsOptional()
  @IsString()
  readonly audience?: string
}

@Controller('/desk')
class DeskController {
  readonly #issuer: TokenIssuer

  constructor(issuer: TokenIssuer) {
    this.#issuer = issuer
  }

  @Post('/login')
  @Public('a test')
  login(@Body() { id, roles, audience }: Login): Promise<IssuedTokens> {
    return this.#issuer.issue(
      { id, roles, tenant: 'acme', authentication: { scheme: 'password', factors: [{ method: 'pwd', at: 42_000 }] } },
      audience === undefined ? {} : { audience },
    )
  }

  @Get('/me')
  me(@CurrentUser() caller: Principal): Principal {
    return caller
  }

  @Post('/me')
  change(@CurrentUser() caller: Principal): Principal {
    return caller
  }
}

@Module({ controllers: [DeskController] })
class DeskModule {}

export const NOON = '2026-06-01T12:00:00Z'

/** At noon; the tokens' module comes last, so that a test may configure it. */
export function deskApp(tokens: ModuleImport = TokensModule, ...others: readonly ModuleImport[]): TestAppBuilder {
  return testApp(DeskModule, tokens, ...others).clock(NOON)
}

export async function logIn(
  app: TestApp,
  login: Partial<Login> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<IssuedTokens> {
  const response = await app.request('/desk/login', { method: 'POST', json: { id: 'ada', ...login }, headers })
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as IssuedTokens
}

export function bearer(token: string): { readonly headers: Readonly<Record<string, string>> } {
  return { headers: { authorization: `Bearer ${token}` } }
}

/** A file that several applications use at once, as several processes would. */
export async function sharedDatabase(): Promise<{ readonly url: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'tenon-tokens-'))
  return {
    url: `sqlite:${join(folder, 'test.sqlite')}`,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
