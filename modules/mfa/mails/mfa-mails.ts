/** What mails about second factors say. Extend it and provide your class to say it in another way or language. */
import { Injectable } from 'tenon/decorators'
import type { MailText, NoticeMail } from 'tenon/auth'

export type FactorChange =
  | 'authenticator-added'
  | 'authenticator-removed'
  | 'passkey-added'
  | 'passkey-removed'
  | 'recovery-codes-replaced'
  | 'recovery-code-used'
  | 'all-removed'

export interface FactorMail extends NoticeMail {
  readonly change: FactorChange
}

const SENTENCES: Readonly<Record<FactorChange, string>> = {
  'authenticator-added': 'An authenticator app was set up for your account.',
  'authenticator-removed': 'The authenticator app of your account was removed.',
  'passkey-added': 'A passkey was added to your account.',
  'passkey-removed': 'A passkey of your account was removed.',
  'recovery-codes-replaced': 'Your account has new recovery codes; the old ones count no more.',
  'recovery-code-used': 'A recovery code of your account was used.',
  'all-removed': 'Your account has no second factor any more: the password alone opens it.',
}

@Injectable()
export class MfaMails {
  factorsChanged({ change }: FactorMail): MailText {
    return {
      subject: 'The second factors of your account',
      text: `${SENTENCES[change]}\n\nIf it was not you, change your password at once and look at your factors.\n`,
    }
  }
}
