/** Mail: through a mail server, or into a folder where none is set. */
import { resolve } from 'node:path'

import { Clock, configure, Environment, Logger, when, type SettingsOf } from 'tenon'
import { Module, type ConfiguredModule } from 'tenon/decorators'

import { FileOutbox } from './file-outbox.ts'
import { MailConfig } from './mail-config.ts'
import { MailUnconfigured } from './mail-errors.ts'
import { Mailer } from './mailer.ts'
import { MemoryOutbox } from './memory-outbox.ts'
import { Postman } from './postman.ts'
import { SmtpMailer } from './smtp-mailer.ts'

@Module({
  providers: [
    Postman,
    {
      provide: Mailer,
      useFactory: chooseMailer,
      inject: [MailConfig, Environment, Clock, Logger],
      when: when.missing(Mailer),
    },
  ],
})
export class MailModule {
  /** @example `MailModule.with({ from: 'desk@example.org' })` */
  static with(settings: SettingsOf<MailConfig>): ConfiguredModule {
    return configure(MailModule, MailConfig, settings)
  }
}

/** @throws `AUTH_MAIL_UNCONFIGURED` */
function chooseMailer(
  { smtpUrl, from, outbox }: MailConfig,
  environment: Environment,
  clock: Clock,
  logger: Logger,
): Mailer {
  if (smtpUrl !== undefined) return new SmtpMailer(smtpUrl, from)
  if (outbox !== undefined) return new FileOutbox(resolve(outbox), from, clock, logger)
  if (environment.isTest) return new MemoryOutbox()
  if (environment.isProduction) throw new MailUnconfigured()
  return new FileOutbox(resolve('data/outbox'), from, clock, logger)
}
