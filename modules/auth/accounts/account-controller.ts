/** An account as its owner proves, reads and changes it. */
import {
  Body,
  CallContext,
  Ctx,
  CurrentUser,
  Get,
  HttpCode,
  Post,
  Public,
  Returns,
  Throws,
  Use,
  type Principal,
} from 'tenon'
import { Authenticated, Injectable } from 'tenon/decorators'

import { CodeOnly, EmailChange } from './account-requests.ts'
import { AccountStore } from './account-store.ts'
import { AccountView, viewAccount } from './account-views.ts'
import { AccountMissing, CodeInvalid, PasswordWrong, TooManyAttempts } from './accounts-errors.ts'
import { EmailChanges } from './email-changes.ts'
import { GatedChange } from './gated-login.ts'
import { originOf } from './origin-of.ts'
import { SignUps } from './sign-ups.ts'

@Injectable()
export class AccountController {
  readonly #signUps: SignUps
  readonly #emails: EmailChanges
  readonly #accounts: AccountStore

  constructor(signUps: SignUps, emails: EmailChanges, accounts: AccountStore) {
    this.#signUps = signUps
    this.#emails = emails
    this.#accounts = accounts
  }

  @Post('/verify')
  @Public('The code is the proof.')
  @HttpCode(204)
  @Throws(CodeInvalid)
  async verify(@Body() { code }: CodeOnly): Promise<void> {
    await this.#signUps.verify(code)
  }

  @Get('/me')
  @Authenticated()
  @Returns(AccountView)
  @Throws(AccountMissing)
  async me(@CurrentUser() { id }: Principal): Promise<AccountView> {
    const account = await this.#accounts.findById(id)
    if (!account) throw new AccountMissing(id)
    return viewAccount(account)
  }

  @Post('/email')
  @Authenticated('session', 'bearer')
  @HttpCode(202)
  @Use(GatedChange)
  @Throws(PasswordWrong, TooManyAttempts, AccountMissing)
  async changeEmail(
    @Body() { password, newEmail }: EmailChange,
    @CurrentUser() { id }: Principal,
    @Ctx() context: CallContext,
  ): Promise<void> {
    await this.#emails.begin(id, password, newEmail, originOf(context))
  }

  @Post('/email/confirm')
  @Public('The code is the proof.')
  @HttpCode(204)
  @Throws(CodeInvalid)
  async confirmEmail(@Body() { code }: CodeOnly, @Ctx() context: CallContext): Promise<void> {
    await this.#emails.confirm(code, originOf(context))
  }
}
