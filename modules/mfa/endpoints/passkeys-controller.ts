/** Registering passkeys, naming and removing them. */
import { Body, Ctx, Delete, HttpCode, HttpContext, Param, Patch, Post, Returns, SetHeader, Throws } from 'tenon'
import { Authenticated, Injectable } from 'tenon/decorators'

import { FactorChanges } from '../factors/factor-changes.ts'
import {
  CallerUnsuitable,
  FactorMissing,
  LastFactor,
  LoginTooOld,
  MfaPackageMissing,
  PasskeyKnown,
  PasskeyRefused,
  PasskeysTooMany,
  StepUpRequired,
} from '../mfa-errors.ts'
import { NameRequest, NewPasskeyRequest } from './mfa-requests.ts'
import { NewPasskeyView, viewActivation, viewPasskey } from './mfa-views.ts'
import { CreationOptionsView } from './passkey-options-views.ts'

@Injectable()
export class PasskeysController {
  readonly #changes: FactorChanges

  constructor(changes: FactorChanges) {
    this.#changes = changes
  }

  /** What `PublicKeyCredential.parseCreationOptionsFromJSON()` takes. */
  @Post('/passkeys/options')
  @Authenticated('session', 'bearer')
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Returns(CreationOptionsView)
  @Throws(CallerUnsuitable, StepUpRequired, LoginTooOld, PasskeysTooMany, MfaPackageMissing)
  begin(@Ctx() context: HttpContext): Promise<CreationOptionsView> {
    return this.#changes.beginPasskey(context)
  }

  @Post('/passkeys')
  @Authenticated('session', 'bearer')
  @SetHeader('cache-control', 'no-store')
  @Returns(NewPasskeyView)
  @Throws(CallerUnsuitable, StepUpRequired, LoginTooOld, PasskeyRefused, PasskeyKnown, PasskeysTooMany)
  async add(@Body() { name, passkey }: NewPasskeyRequest, @Ctx() context: HttpContext): Promise<NewPasskeyView> {
    const added = await this.#changes.addPasskey(context, name, passkey)
    return { ...viewActivation(added), passkey: viewPasskey(added.passkey) }
  }

  @Patch('/passkeys/:id')
  @Authenticated('session', 'bearer')
  @HttpCode(204)
  @Throws(CallerUnsuitable, FactorMissing)
  async rename(@Param('id') id: string, @Body() { name }: NameRequest, @Ctx() context: HttpContext): Promise<void> {
    await this.#changes.renamePasskey(context, id, name)
  }

  @Delete('/passkeys/:id')
  @Authenticated('session', 'bearer')
  @HttpCode(204)
  @Throws(CallerUnsuitable, StepUpRequired, LoginTooOld, LastFactor, FactorMissing)
  async remove(@Param('id') id: string, @Ctx() context: HttpContext): Promise<void> {
    await this.#changes.removePasskey(context, id)
  }
}
