import {
  Body,
  Clock,
  Controller,
  CurrentUser,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Returns,
  SetHeader,
  Throws,
  type Principal,
} from 'tenon'
import { ApiKeys, ApiKeyScopesExceeded, ApiKeyUnknown, Authenticated } from 'tenon/auth'
import { RequireMfa } from 'tenon/mfa'
import { TenantScoped } from 'tenon/tenancy'

import { ApiKeyView, MadeKeyView, NewKey, viewKey, viewMadeKey } from './api-key-view.ts'

const DAY_MS = 86_400_000

/** People make keys for programs, with a second factor at hand; a key makes no further ones. */
@Controller({ path: '/api/api-keys', tags: ['API keys'] })
@Authenticated('session', 'bearer')
@TenantScoped()
export class ApiKeysController {
  readonly #keys: ApiKeys
  readonly #clock: Clock

  constructor(keys: ApiKeys, clock: Clock) {
    this.#keys = keys
    this.#clock = clock
  }

  @Get()
  @Returns(ApiKeyView, { array: true })
  async list(@CurrentUser() { id }: Principal): Promise<ApiKeyView[]> {
    return (await this.#keys.list(id)).map(viewKey)
  }

  @Post()
  @RequireMfa({ maxAge: '10m' })
  @SetHeader('cache-control', 'no-store')
  @Returns(MadeKeyView)
  @Throws(ApiKeyScopesExceeded)
  async make(@Body() { name, scopes, days }: NewKey, @CurrentUser() owner: Principal): Promise<MadeKeyView> {
    const expiresAt = new Date(this.#clock.now().getTime() + days * DAY_MS)
    return viewMadeKey(await this.#keys.create({ owner, name, scopes, expiresAt }))
  }

  /** The old one works for a day more. */
  @Post('/:id/rotation')
  @RequireMfa({ maxAge: '10m' })
  @SetHeader('cache-control', 'no-store')
  @Returns(MadeKeyView)
  @Throws(ApiKeyUnknown)
  async rotate(@Param('id') keyId: string, @CurrentUser() { id }: Principal): Promise<MadeKeyView> {
    return viewMadeKey(await this.#keys.rotate(id, keyId))
  }

  @Delete('/:id')
  @HttpCode(204)
  @Throws(ApiKeyUnknown)
  async revoke(@Param('id') keyId: string, @CurrentUser() { id }: Principal): Promise<void> {
    await this.#keys.revoke(id, keyId)
  }
}
