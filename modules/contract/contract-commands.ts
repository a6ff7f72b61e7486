/** `tenon contract snapshot|diff|waive`: without port and database. */
import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { userInfo } from 'node:os'

import { Command, CommandResult } from 'tenon'
import { Injectable, Param, Public, Query } from 'tenon/decorators'
import { IsOptional, IsString, Matches } from 'tenon/validation'

import { ContractGuard } from './contract-guard.ts'
import { fails } from './judge-changes.ts'
import { printChangelog, printChanges } from './print-changes.ts'

class DiffOptions {
  @IsOptional()
  @IsString()
  readonly against?: string

  @IsOptional()
  @IsString()
  readonly changelog?: string
}

class WaiverOptions {
  @IsString()
  readonly reason!: string

  @Matches(/^\d{4}-\d\d-\d\d$/)
  readonly until!: string
}

@Injectable()
@Public('What can be called is no secret.')
export class ContractCommands {
  readonly #guard: ContractGuard

  constructor(guard: ContractGuard) {
    this.#guard = guard
  }

  @Command('contract:snapshot', {
    description: 'Writes down what callers may rely on.',
    starts: false,
    examples: ['tenon contract snapshot'],
  })
  async snapshot(): Promise<CommandResult> {
    const files = await this.#guard.snapshot()
    return new CommandResult({ data: { files }, text: files.map((file) => `Written: ${file}`).join('\n') })
  }

  /** @throws `CONTRACT_MISSING`, `CONTRACT_UNREADABLE` */
  @Command('contract:diff', {
    description: 'Says what has changed for callers; fails when it breaks them.',
    starts: false,
    options: {
      against: 'Folder of the earlier contracts; without it the one of this repository',
      changelog: 'A file to write the changes into, as Markdown',
    },
    examples: ['tenon contract diff', 'tenon contract diff --against ../released/contract --changelog CHANGES.md'],
  })
  async diff(@Query() { against, changelog }: DiffOptions): Promise<CommandResult> {
    const changes = await this.#guard.changes(against)
    if (changelog !== undefined) await writeFile(resolve(changelog), printChangelog(changes, 'Changes of the API'))
    return new CommandResult({ data: { changes }, text: printChanges(changes), exitCode: fails(changes) ? 1 : 0 })
  }

  /** @throws `CONTRACT_KEY_MISSING`, `CONTRACT_CHANGE_UNKNOWN`, `CONTRACT_WAIVER_INVALID` */
  @Command('contract:waive <change>', {
    description: 'Allows a breaking change until a day, signed with CONTRACT_KEY.',
    starts: false,
    options: { reason: 'Why nobody is hurt', until: 'The last day it holds: 2027-01-31' },
    examples: ['tenon contract waive 4f1c0a9b2e --reason "only our own app calls it" --until 2027-01-31'],
  })
  async waive(@Param('change') change: string, @Query() { reason, until }: WaiverOptions): Promise<CommandResult> {
    const waiver = await this.#guard.waive(change, { reason, until, by: committer() })
    return new CommandResult({
      data: { waiver },
      text: `Waived until ${waiver.until}, by ${waiver.by}: ${waiver.text}`,
    })
  }
}

/** As git knows them; without git, the user of the machine. */
function committer(): string {
  try {
    return execFileSync('git', ['config', 'user.email'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return userInfo().username
  }
}
