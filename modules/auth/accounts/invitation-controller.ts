/** Invitations as those read and accept them who were invited. Inviting is the application's own. */
import {
  Body,
  Ctx,
  CurrentUser,
  HttpCode,
  HttpContext,
  Post,
  Public,
  Returns,
  SetHeader,
  Throws,
  type Principal,
} from 'tenon'
import { Authenticated, Injectable } from 'tenon/decorators'

import { CsrfTokens } from '../csrf/csrf-tokens.ts'
import { PasswordsBusy, PasswordWeak } from '../passwords/passwords-errors.ts'
import { CodeOnly, NewPassword } from './account-requests.ts'
import { CsrfView, InvitationView, viewInvitation } from './account-views.ts'
import { CodeInvalid, InvitationForAccount } from './accounts-errors.ts'
import { Invitations } from './invitations.ts'

@Injectable()
export class InvitationController {
  readonly #invitations: Invitations
  readonly #csrf: CsrfTokens

  constructor(invitations: Invitations, csrf: CsrfTokens) {
    this.#invitations = invitations
    this.#csrf = csrf
  }

  /** By `POST`: a code in an address would be logged. */
  @Post('/invitation')
  @Public('The code is the proof.')
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Returns(InvitationView)
  @Throws(CodeInvalid)
  async read(@Body() { code }: CodeOnly): Promise<InvitationView> {
    return viewInvitation(await this.#invitations.read(code))
  }

  @Post('/invitation/accept')
  @Public('The code is the proof.')
  @HttpCode(204)
  @Throws(CodeInvalid, InvitationForAccount, PasswordWeak, PasswordsBusy)
  async accept(@Body() { code, password }: NewPassword): Promise<void> {
    await this.#invitations.accept(code, password)
  }

  /** The CSRF token is new for callers with a session, whose secret is; others get an empty one, and log in again. */
  @Post('/invitation/join')
  @Authenticated('session', 'bearer')
  @HttpCode(200)
  @SetHeader('cache-control', 'no-store')
  @Returns(CsrfView)
  @Throws(CodeInvalid)
  async join(
    @Body() { code }: CodeOnly,
    @CurrentUser() { id }: Principal,
    @Ctx() context: HttpContext,
  ): Promise<CsrfView> {
    const secret = await this.#invitations.join(context, id, code)
    return { csrfToken: secret === undefined ? '' : this.#csrf.issue(context, secret) }
  }
}
