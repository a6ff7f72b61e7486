/** Sends mail. Applications with a way of their own provide this class. */

export interface Mail {
  /** One address. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
}

export abstract class Mailer {
  /** Resolves when the mail was handed over; what becomes of it then, nobody knows. */
  abstract send(mail: Mail): Promise<void>
}
