/** How mail leaves the application. */
import { Config, Env } from 'tenon/decorators'

@Config('mail')
export class MailConfig {
  @Env('SMTP_URL', {
    optional: true,
    secret: true,
    description: 'The mail server: smtps://user:password@host:465. Default: mails are written into the outbox folder.',
  })
  readonly smtpUrl?: string

  @Env('MAIL_FROM', { default: 'no-reply@localhost', description: 'The address that mails come from.' })
  readonly from!: string

  /** In production it must be asked for: mails that nobody gets are no default. */
  @Env('MAIL_OUTBOX', {
    optional: true,
    description:
      'The folder mails are written into where SMTP_URL is not set. Default outside of production: data/outbox',
  })
  readonly outbox?: string
}
