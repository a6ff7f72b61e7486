/** Mails that tests read: what the application would have sent. The default in the environment `test`. */
import { Mailer, type Mail } from './mailer.ts'

export class MemoryOutbox extends Mailer {
  readonly mails: Mail[] = []

  send(mail: Mail): Promise<void> {
    this.mails.push(mail)
    return Promise.resolve()
  }

  /** The latest mail to an address. */
  lastTo(address: string): Mail | undefined {
    return this.mails.findLast(({ to }) => to === address)
  }
}
