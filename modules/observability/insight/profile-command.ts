/** `tenon profile`: takes a profile of an application that is running, and writes it where you are. */
import { writeFile } from 'node:fs/promises'

import { CommandResult } from 'tenon'
import { Command, Injectable, Query } from 'tenon/decorators'
import { IsNumber, IsOptional, IsString, IsUrl, Max, Min } from 'tenon/validation'

import { ProfileRefused } from '../observability-errors.ts'
import { LONGEST_PROFILE_SECONDS } from './cpu-profiler.ts'

export class ProfileCommandOptions {
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true })
  url: string = 'http://127.0.0.1:3000'

  @IsOptional()
  @IsNumber()
  @Min(0.1)
  @Max(LONGEST_PROFILE_SECONDS)
  seconds: number = 10

  @IsOptional()
  @IsString()
  token?: string

  @IsOptional()
  @IsString()
  out: string = 'application.cpuprofile'
}

@Injectable()
export class ProfileCommand {
  /** @throws `OBSERVABILITY_PROFILE_REFUSED` */
  @Command('profile', {
    description: 'Records where the processor time of a running application goes',
    starts: false,
    options: {
      url: 'Where the application is',
      seconds: 'How long to record',
      token: 'Bearer token of an operator; on this machine, in development, none is needed',
      out: 'The file to write',
    },
    examples: ['tenon profile --seconds 5', 'tenon profile --url https://desk.example --token "$TOKEN"'],
  })
  async profile(@Query() { url, seconds, token, out }: ProfileCommandOptions): Promise<CommandResult> {
    const path = token === undefined ? '/_dev/profile' : '/observe/profile'
    const response = await fetch(new URL(`${path}?seconds=${seconds}`, url), {
      method: 'POST',
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    }).catch((error: unknown) => {
      throw new ProfileRefused(url, 'cannot be reached').causedBy(error)
    })
    if (!response.ok) throw new ProfileRefused(url, `answers ${response.status}`)
    await writeFile(out, await response.text())
    return new CommandResult({
      data: { file: out, seconds },
      text: `Wrote ${out}. Open it in the developer tools of a browser (Performance) or in your editor.`,
    })
  }
}
