/** What mails say. Extend it and provide your class to say it in another way or language. */
import { Injectable } from 'tenon/decorators'

export interface MailText {
  readonly subject: string
  readonly text: string
  readonly html?: string
}

/** What a mail with a link is made of. */
export interface LinkMail {
  readonly email: string
  /** Leads to a page of the application, with the code behind `#code=`. */
  readonly link: string
  /** The same code, to be typed or copied. */
  readonly code: string
  readonly minutes: number
  /** The caller's language as a BCP 47 tag, where the application finds it out. */
  readonly locale: string | undefined
}

export type NoticeMail = Pick<LinkMail, 'email' | 'locale'>

@Injectable()
export class AccountMails {
  verification(mail: LinkMail): MailText {
    return linked(mail, {
      subject: 'Confirm your e-mail address',
      before: 'Somebody, hopefully you, has made an account with this address. Open this link to confirm it:',
      after: 'If it was not you, do nothing: there is no account then.',
    })
  }

  /** To those who sign up and have an account: only their mailbox learns it. */
  alreadyRegistered(_mail: NoticeMail): MailText {
    return letter(
      'You have an account already',
      'Somebody, hopefully you, has tried to make an account with this address, and there is one already.',
      'Log in with it, or ask for a new password. If it was not you, there is nothing to do.',
    )
  }

  reset(mail: LinkMail): MailText {
    return linked(mail, {
      subject: 'Your new password',
      before: 'Somebody, hopefully you, has asked for a new password. Open this link to choose it:',
      after: 'If it was not you, do nothing: your password stays as it is.',
    })
  }

  invitation(mail: LinkMail): MailText {
    return linked(mail, {
      subject: 'You are invited',
      before: 'Somebody has invited you. Open this link to see to what, and to choose a password if you accept:',
      after: 'If you do not want to, do nothing: there is no account then.',
    })
  }

  /** To those who have an account: only their mailbox learns that it is known. */
  invitationOfAccount(mail: LinkMail): MailText {
    return linked(mail, {
      subject: 'You are invited',
      before: 'Somebody has invited you. Open this link to see to what, and log in with your account if you accept:',
      after: 'If you do not want to, do nothing: your account stays as it is.',
    })
  }

  passwordChanged(_mail: NoticeMail): MailText {
    return letter(
      'Your password was changed',
      'The password of your account was changed, and all other sessions were ended.',
      'If it was not you, ask for a new password at once.',
    )
  }

  newEmail(mail: LinkMail): MailText {
    return linked(mail, {
      subject: 'Confirm your new e-mail address',
      before: 'Open this link to log in with this address from now on:',
      after: 'If it was not you, do nothing.',
    })
  }

  /** To the address that the account has, when another one is asked for. */
  emailChangeAsked(_mail: NoticeMail): MailText {
    return letter(
      'Your e-mail address is to be changed',
      'Somebody, hopefully you, has asked to log in to your account with another address.',
      'If it was not you, change your password at once: whoever asked knows it.',
    )
  }

  /** To the address that the account had. */
  emailChanged(_mail: NoticeMail): MailText {
    return letter(
      'Your e-mail address was changed',
      'Your account belongs to another address now, and all sessions were ended.',
      'If it was not you, ask for help.',
    )
  }
}

interface LinkText {
  readonly subject: string
  readonly before: string
  readonly after: string
}

function linked({ link, code, minutes }: LinkMail, { subject, before, after }: LinkText): MailText {
  const last = `It counts once, for ${spanOf(minutes)}. ${after}`
  return letter(subject, before, link, `Or enter this code: ${code}`, last)
}

function letter(subject: string, ...paragraphs: readonly string[]): MailText {
  return { subject, text: `${paragraphs.join('\n\n')}\n` }
}

function spanOf(minutes: number): string {
  const days = minutes / (24 * 60)
  if (!Number.isInteger(days)) return `${minutes} minutes`
  return days === 1 ? 'a day' : `${days} days`
}
