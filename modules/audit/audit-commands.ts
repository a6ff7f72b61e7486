/** `tenon audit verify` and `tenon audit checkpoint`. */
import { CommandResult } from 'tenon'
import { Command, Injectable, Query } from 'tenon/decorators'

import { AuditVerifier, type AuditVerification } from './audit-verifier.ts'

@Injectable()
export class AuditCommands {
  readonly #verifier: AuditVerifier

  constructor(verifier: AuditVerifier) {
    this.#verifier = verifier
  }

  /** Ends with 1 where the log was touched. */
  @Command('audit:verify', {
    description: 'Goes along the audit log and says where it was touched',
    options: { checkpoint: 'What audit checkpoint printed at another time: shows a cut or rewritten log as well' },
    examples: ['tenon audit verify', 'tenon audit verify --checkpoint 812:9f2c…'],
  })
  async verify(@Query('checkpoint') checkpoint?: string): Promise<CommandResult> {
    const found = await this.#verifier.verify(checkpoint)
    return new CommandResult({ data: found, text: print(found), exitCode: found.isIntact ? 0 : 1 })
  }

  @Command('audit:checkpoint', {
    description: 'Prints the end of the audit log, to be kept elsewhere',
    examples: ['tenon audit checkpoint'],
  })
  async checkpoint(): Promise<CommandResult> {
    const checkpoint = await this.#verifier.checkpoint()
    return new CommandResult({ data: { checkpoint }, text: checkpoint })
  }
}

function print({ isIntact, entries, faults, checkpoint, openWriters }: AuditVerification): string {
  return [
    isIntact ? `The audit log is intact: ${entries} entries.` : `The audit log was touched: ${entries} entries.`,
    ...faults.map(({ seq, what }) => `  Entry ${seq} ${what}.`),
    ...(openWriters.length === 0
      ? []
      : [`${openWriters.length} processes write to it still, or were killed and may have lost their last events.`]),
    `Checkpoint: ${checkpoint}`,
  ].join('\n')
}
