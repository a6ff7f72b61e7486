/** Forgotten and changed passwords. */
import {
  Body,
  CallContext,
  Ctx,
  CurrentUser,
  HttpCode,
  HttpContext,
  Post,
  Public,
  Returns,
  Throws,
  type Principal,
} from 'tenon'
import { Authenticated, Injectable } from 'tenon/decorators'

import { CsrfTokens } from '../csrf/csrf-tokens.ts'
import { PasswordsBusy, PasswordWeak } from '../passwords/passwords-errors.ts'
import { AccountPasswords } from './account-passwords.ts'
import { EmailOnly, NewPassword, PasswordChange } from './account-requests.ts'
import { CsrfView } from './account-views.ts'
import { AccountMissing, CodeInvalid, PasswordWrong, TooManyAttempts } from './accounts-errors.ts'
import { originOf } from './origin-of.ts'

@Injectable()
export class PasswordController {
  readonly #passwords: AccountPasswords
  readonly #csrf: CsrfTokens

  constructor(passwords: AccountPasswords, csrf: CsrfTokens) {
    this.#passwords = passwords
    this.#csrf = csrf
  }

  @Post('/password/forgot')
  @Public('Whoever has forgotten the password cannot log in.')
  @HttpCode(202)
  @Throws(TooManyAttempts)
  async forgot(@Body() { email }: EmailOnly, @Ctx() context: CallContext): Promise<void> {
    await this.#passwords.forgotten(email, originOf(context))
  }

  @Post('/password/reset')
  @Public('The code is the proof.')
  @HttpCode(204)
  @Throws(CodeInvalid, PasswordWeak, PasswordsBusy)
  async reset(@Body() { code, password }: NewPassword, @Ctx() context: CallContext): Promise<void> {
    await this.#passwords.reset(code, password, originOf(context))
  }

  /** The CSRF token is new for callers with a session, whose secret is; others get an empty one. */
  @Post('/password/change')
  @Authenticated('session', 'bearer')
  @HttpCode(200)
  @Returns(CsrfView)
  @Throws(PasswordWrong, PasswordWeak, TooManyAttempts, AccountMissing, PasswordsBusy)
  async change(
    @Body() request: PasswordChange,
    @CurrentUser() { id }: Principal,
    @Ctx() context: HttpContext,
  ): Promise<CsrfView> {
    const secret = await this.#passwords.change(context, id, request, originOf(context))
    return { csrfToken: secret === undefined ? '' : this.#csrf.issue(context, secret) }
  }
}
