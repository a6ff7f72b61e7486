/** Mails through a mail server, by nodemailer. */
import { loadPackage } from './load-package.ts'
import { Mailer, type Mail } from './mailer.ts'

interface Transport {
  sendMail(mail: Mail & { readonly from: string }): Promise<unknown>
}

interface Nodemailer {
  createTransport(settings: object): Transport
}

/** Longest waits for the server, in milliseconds; nodemailer's own are up to ten minutes. */
const CONNECT_MS = 10_000
const SILENCE_MS = 30_000

export class SmtpMailer extends Mailer {
  readonly #url: string
  readonly #from: string
  #transport: Promise<Transport> | undefined

  constructor(url: string, from: string) {
    super()
    this.#url = url
    this.#from = from
  }

  /** @throws `AUTH_MAIL_PACKAGE_MISSING`, and what the server answers. */
  async send(mail: Mail): Promise<void> {
    const transport = await (this.#transport ??= this.#open())
    await transport.sendMail({ from: this.#from, ...mail })
  }

  async #open(): Promise<Transport> {
    const { createTransport } = (await loadPackage('nodemailer', '10.6.0')) as Nodemailer
    return createTransport({
      url: this.#url,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      // A mail is made of texts: nothing in it may name files or addresses to be read.
      disableFileAccess: true,
      disableUrlAccess: true,
    })
  }
}
