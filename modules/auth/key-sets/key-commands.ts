/** `tenon keys list | rotate | revoke`: the signing keys, from the shell. */
import { Clock, CommandResult } from 'tenon'
import { Command, Injectable, Param, Query } from 'tenon/decorators'

import { KeySet } from './key-set.ts'

@Injectable()
export class KeyCommands {
  readonly #keys: KeySet
  readonly #clock: Clock

  constructor(keys: KeySet, clock: Clock) {
    this.#keys = keys
    this.#clock = clock
  }

  @Command('keys:list', {
    description: 'Lists the keys that sign and verify tokens',
    examples: ['tenon keys list'],
  })
  list(): CommandResult {
    const now = this.#clock.epochMs()
    const { current } = this.#keys
    const data = this.#keys.all.map(({ id, algorithm, signsFrom, verifiesUntil }) => ({
      id,
      algorithm,
      state: id === current.id ? 'signs' : signsFrom > now ? 'next' : verifiesUntil > now ? 'verifies' : 'ended',
      signsFrom: new Date(signsFrom).toISOString(),
    }))
    const text = data.map(({ id, algorithm, state, signsFrom }) => `${id}  ${algorithm}  ${state}  ${signsFrom}`)
    return new CommandResult({ data, text: text.join('\n') })
  }

  /** @throws `AUTH_KEYS_NOT_ROTATED` */
  @Command('keys:rotate', {
    description: 'Makes the next signing key; it signs after AUTH_KEY_LEAD_SECONDS',
    options: { now: 'It signs at once. Others who verify may not know it yet' },
    examples: ['tenon keys rotate', 'tenon keys rotate --now'],
  })
  async rotate(@Query('now') now?: boolean): Promise<CommandResult> {
    const id = await this.#keys.rotate({ immediately: now ?? false })
    return new CommandResult({ data: { id }, text: `The next key is ${id}.` })
  }

  /** @throws `AUTH_KEYS_NOT_ROTATED` */
  @Command('keys:revoke <id>', {
    description: 'Forgets a key that somebody may have stolen: tokens that it signed are refused',
    examples: ['tenon keys revoke W2f_COAmax0uOp7alrapDLEdlb2D0qpjjOOb8r2FyCQ'],
  })
  async revoke(@Param('id') id: string): Promise<CommandResult> {
    await this.#keys.revoke(id)
    return new CommandResult({ data: { id }, text: `The key ${id} is forgotten; ${this.#keys.current.id} signs.` })
  }
}
