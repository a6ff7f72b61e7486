/** Mails as files, one each: for development, and for whoever sends them from a folder. */
import { randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Clock, Logger } from 'tenon'

import { Mailer, type Mail } from './mailer.ts'

/** Mails hold links that open accounts: nobody but the application's own user reads them. */
const FOLDER_MODE = 0o700
const FILE_MODE = 0o600

export class FileOutbox extends Mailer {
  readonly #folder: string
  readonly #from: string
  readonly #clock: Clock
  readonly #logger: Logger

  constructor(folder: string, from: string, clock: Clock, logger: Logger) {
    super()
    this.#folder = folder
    this.#from = from
    this.#clock = clock
    this.#logger = logger
  }

  /** The name tells when, and nothing of the mail. It appears whole or not at all. */
  async send(mail: Mail): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: FOLDER_MODE })
    const at = this.#clock.now().toISOString()
    const path = join(this.#folder, `${at.replace(/[:.]/g, '-')}-${randomUUID()}.json`)
    await writeFile(`${path}.part`, `${JSON.stringify({ from: this.#from, at, ...mail }, null, 2)}\n`, {
      mode: FILE_MODE,
    })
    await rename(`${path}.part`, path)
    this.#logger.info('A mail was written into the outbox.', { file: path })
  }
}
