/** `tenon test contract`: tries out whether the application does what its document says. */
import { Command, CommandContext, CommandResult, Ctx, RunningApplication } from 'tenon'
import { Injectable, Public, Query } from 'tenon/decorators'
import { OpenApi } from 'tenon/openapi'
import { IsInt, IsOptional, IsString, IsUrl, Max, Min } from 'tenon/validation'

import { fuzz, type FuzzReport } from './fuzz/fuzz.ts'

class FuzzSettings {
  @IsOptional()
  @IsInt()
  readonly seed?: number

  @IsInt()
  @Min(1)
  @Max(100_000)
  readonly runs: number = 50

  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true })
  readonly url?: string

  @IsOptional()
  @IsString()
  readonly token?: string

  @IsOptional()
  @IsString()
  readonly skip?: string

  @IsOptional()
  @IsString()
  readonly api?: string
}

@Injectable()
@Public('It calls what everybody may call, with the credentials it is given.')
export class FuzzCommand {
  readonly #openApi: OpenApi
  readonly #running: RunningApplication

  constructor(openApi: OpenApi, running: RunningApplication) {
    this.#openApi = openApi
    this.#running = running
  }

  /** @throws `CONTRACT_PACKAGE_MISSING`, `CONTRACT_OPERATION_UNKNOWN`, `OPENAPI_VERSION_UNKNOWN` */
  @Command('test:contract', {
    description:
      'Calls every operation with valid and invalid requests, and says where the answers break the contract.',
    options: {
      seed: 'Makes the same requests again; without it another one each time',
      runs: 'Requests for each operation',
      url: 'A running application; without it this one is started on a free port',
      token: 'Bearer token for the calls',
      skip: 'Operations that are not called, comma-separated: "POST /auth/logout"',
      api: 'The version of the API; without it the newest',
    },
    examples: ['tenon test contract --runs 200', 'tenon test contract --seed 4711 --url http://127.0.0.1:3000'],
  })
  async run(@Query() settings: FuzzSettings, @Ctx() context: CommandContext): Promise<CommandResult> {
    const { seed = Math.floor(Math.random() * 2 ** 31), runs, url, token, skip, api } = settings
    const document = await this.#openApi.document(api)
    const own =
      url ?? (await this.#running.application!.listen({ port: 0, host: '127.0.0.1', handleSignals: false })).url
    const report = await fuzz({
      document,
      baseUrl: own,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      seed,
      runs,
      skip: skip?.split(',').map((each) => each.trim()) ?? [],
      onProgress: (operation, share) => context.progress(operation, share),
    })
    return new CommandResult({ data: report, text: printReport(report), exitCode: report.findings.length > 0 ? 1 : 0 })
  }
}

function printReport(report: FuzzReport): string {
  const { seed, operations, requests, uncalled, unsuccessful, unauthorized, findings } = report
  const lines = findings.map(({ kind, operation, text, curl }) => `${operation}: ${kind}\n  ${text}\n  ${curl}`)
  const end = [
    `${requests} requests to ${operations} operations with seed ${seed}: ${findings.length} findings.`,
    ...(uncalled.length === 0 ? [] : [`Not called, for want of a valid request: ${uncalled.join(', ')}`]),
    ...(unsuccessful.length === 0 ? [] : [`Never successful: ${unsuccessful.join(', ')}`]),
    ...(unauthorized === 0 ? [] : [`Refused for want of credentials that hold: ${unauthorized} requests.`]),
  ]
  return [...lines, end.join('\n')].join('\n\n')
}
