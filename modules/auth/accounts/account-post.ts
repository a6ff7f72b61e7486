/** Brings the mails of accounts away: with links to the application's own pages, and not too many to one mailbox. */
import { Injectable } from 'tenon/decorators'

import { Mailer } from '../mail/mailer.ts'
import { Postman } from '../mail/postman.ts'
import { PublicUrl } from '../public-url.ts'
import { AccountGuard } from './account-guard.ts'
import { AccountMails, type LinkMail, type MailText, type NoticeMail } from './account-mails.ts'
import { AccountsConfig } from './accounts-config.ts'

type Notice = 'alreadyRegistered' | 'passwordChanged' | 'emailChangeAsked' | 'emailChanged'
type Letter = 'verification' | 'reset' | 'invitation' | 'invitationOfAccount' | 'newEmail'

@Injectable()
export class AccountPost {
  readonly #mailer: Mailer
  readonly #postman: Postman
  readonly #mails: AccountMails
  readonly #guard: AccountGuard
  readonly #config: AccountsConfig
  readonly #publicUrl: PublicUrl

  constructor(
    mailer: Mailer,
    postman: Postman,
    mails: AccountMails,
    guard: AccountGuard,
    config: AccountsConfig,
    publicUrl: PublicUrl,
  ) {
    this.#mailer = mailer
    this.#postman = postman
    this.#mails = mails
    this.#guard = guard
    this.#config = config
    this.#publicUrl = publicUrl
    // A link that cannot be made is better known at the start.
    publicUrl.to(config.verifyPath)
  }

  /** After the caller's own work, which does not wait for it; what fails is logged. */
  afterwards(work: () => Promise<void>): void {
    this.#postman.afterwards(work)
  }

  async send(letter: Letter, to: string, code: string, locale: string | undefined): Promise<void> {
    if (!(await this.#guard.mayMail(to))) return
    const { path, minutes } = this.#placeOf(letter)
    const link = this.#publicUrl.to(path)
    // Behind the `#`, it is in no server's log and in no Referer.
    link.hash = `code=${code}`
    const mail: LinkMail = { email: to, link: link.href, code, minutes, locale }
    await this.#deliver(to, this.#mails[letter](mail))
  }

  /** Notices of changes are not counted: they must not be crowded out by mails that anybody can ask for. */
  async tell(notice: Notice, to: string, locale: string | undefined): Promise<void> {
    if (notice === 'alreadyRegistered' && !(await this.#guard.mayMail(to))) return
    const mail: NoticeMail = { email: to, locale }
    await this.#deliver(to, this.#mails[notice](mail))
  }

  /** Where its link leads, and how long that counts. */
  #placeOf(letter: Letter): { readonly path: string; readonly minutes: number } {
    const { verifyPath, resetPath, emailPath, invitationPath, codeMinutes, invitationDays } = this.#config
    const invitation = { path: invitationPath, minutes: invitationDays * 24 * 60 }
    return {
      verification: { path: verifyPath, minutes: codeMinutes },
      reset: { path: resetPath, minutes: codeMinutes },
      newEmail: { path: emailPath, minutes: codeMinutes },
      invitation,
      invitationOfAccount: invitation,
    }[letter]
  }

  #deliver(to: string, text: MailText): Promise<void> {
    return this.#mailer.send({ to, ...text })
  }
}
