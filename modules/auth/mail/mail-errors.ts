/** Why mail cannot leave. */
import { defineError } from 'tenon'

export const MailUnconfigured = defineError({
  code: 'AUTH_MAIL_UNCONFIGURED',
  status: 500,
  message: () => 'Nothing says how mail leaves in production: neither SMTP_URL nor MAIL_OUTBOX is set.',
  help: 'Set SMTP_URL, provide a Mailer of your own, or set MAIL_OUTBOX when something else sends what is in the folder.',
})

export const MailPackageMissing = defineError({
  code: 'AUTH_MAIL_PACKAGE_MISSING',
  status: 500,
  message: (name: string, version: string) =>
    `SMTP_URL needs the package ${name}, which is not installed: run npm install ${name}@${version}`,
  help: 'Run the command in the message; such packages are not installed with the framework, so that nobody carries those of others.',
})
