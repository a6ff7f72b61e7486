/** Brings mails about second factors away, after the answer. */
import { tryCtx } from 'tenon'
import { Mailer, Postman, type AccountRecord } from 'tenon/auth'
import { Injectable } from 'tenon/decorators'

import { MfaMails, type FactorChange } from './mfa-mails.ts'

@Injectable()
export class MfaPost {
  readonly #mailer: Mailer
  readonly #postman: Postman
  readonly #mails: MfaMails

  constructor(mailer: Mailer, postman: Postman, mails: MfaMails) {
    this.#mailer = mailer
    this.#postman = postman
    this.#mails = mails
  }

  /** Not counted: nobody but the owner, or who has taken the account over, can cause them. */
  tell(change: FactorChange, { email }: Pick<AccountRecord, 'email'>): void {
    const locale = tryCtx()?.locale
    this.#postman.afterwards(() =>
      this.#mailer.send({ to: email, ...this.#mails.factorsChanged({ email, locale, change }) }),
    )
  }
}
