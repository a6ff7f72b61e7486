/** `tenon client ts` and its like: a client as one file. */
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

import { Command, CommandContext, CommandResult, Ctx } from 'tenon'
import { Injectable, Public, Query } from 'tenon/decorators'
import { OpenApi, type OpenApiDocument } from 'tenon/openapi'
import { IsBoolean, IsOptional, IsString } from 'tenon/validation'

import { ClientOutMissing } from './client-errors.ts'
import { printKotlin } from './kotlin/print-kotlin.ts'
import { printSwift } from './swift/print-swift.ts'
import { printTypeScript } from './typescript/print-typescript.ts'

class ClientFile {
  @IsOptional()
  @IsString()
  readonly out?: string

  @IsOptional()
  @IsString()
  readonly api?: string

  @IsBoolean()
  readonly watch: boolean = false
}

const OPTIONS = {
  out: 'The file to write; without it the client is printed',
  api: 'The version of the API; without it the newest',
  watch: 'Write it again whenever the program has changed',
}

/** A build writes many files. */
const QUIET_MS = 300

@Injectable()
@Public('What can be called is no secret.')
export class ClientCommands {
  readonly #openApi: OpenApi

  constructor(openApi: OpenApi) {
    this.#openApi = openApi
  }

  /** @throws `OPENAPI_VERSION_UNKNOWN`, `CLIENT_OUT_MISSING` */
  @Command('client:ts', {
    description: 'Writes a typed client of the API in TypeScript.',
    starts: false,
    options: OPTIONS,
    examples: ['tenon client ts --out web/src/api.ts', 'tenon client ts --out web/src/api.ts --watch'],
  })
  typescript(@Query() file: ClientFile, @Ctx() context: CommandContext): Promise<CommandResult> {
    return this.#write(file, context, printTypeScript)
  }

  /** @throws `OPENAPI_VERSION_UNKNOWN`, `CLIENT_OUT_MISSING` */
  @Command('client:kotlin', {
    description: 'Writes the models and operations of the API in Kotlin.',
    starts: false,
    options: OPTIONS,
    examples: ['tenon client kotlin --out app/src/main/kotlin/Api.kt'],
  })
  kotlin(@Query() file: ClientFile, @Ctx() context: CommandContext): Promise<CommandResult> {
    return this.#write(file, context, printKotlin)
  }

  /** @throws `OPENAPI_VERSION_UNKNOWN`, `CLIENT_OUT_MISSING` */
  @Command('client:swift', {
    description: 'Writes the models and operations of the API in Swift.',
    starts: false,
    options: OPTIONS,
    examples: ['tenon client swift --out Sources/Api.swift'],
  })
  swift(@Query() file: ClientFile, @Ctx() context: CommandContext): Promise<CommandResult> {
    return this.#write(file, context, printSwift)
  }

  async #write(
    { out, api, watch: isWatching }: ClientFile,
    context: CommandContext,
    print: (document: OpenApiDocument) => Promise<string>,
  ): Promise<CommandResult> {
    const { document } = await this.#openApi.traced(api)
    const text = await print(document)
    if (out === undefined) {
      if (isWatching) throw new ClientOutMissing()
      return new CommandResult({ data: { client: text }, text: text.trimEnd() })
    }
    const file = resolve(out)
    const isChanged = await writeChanged(file, text)
    if (isWatching) await repeatOnChange(context, file)
    return new CommandResult({ data: { file, isChanged }, text: isChanged ? `Written: ${file}` : `As it was: ${file}` })
  }
}

/** What has not changed keeps its time, so that nobody builds again for nothing. */
async function writeChanged(file: string, text: string): Promise<boolean> {
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return false
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
  return true
}

/** Code that is loaded stays loaded, so each time a process of its own reads the program. Ends with the process. */
function repeatOnChange(context: CommandContext, file: string): Promise<never> {
  const [command = '', ...args] = process.argv.slice(1)
  const again = [...process.execArgv, command, ...args.filter((each) => each !== '--watch')]
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const write = (): Promise<void> =>
    new Promise((done) => {
      spawn(process.execPath, again, { stdio: ['ignore', 'inherit', 'inherit'] }).once('exit', () => done())
    })
  context.progress('Watching the program; Ctrl+C ends it.')
  return new Promise(() => {
    watch(process.cwd(), { recursive: true }, (_event, name) => {
      if (name === null || !/\.[cm]?[jt]s$/.test(name) || /(?:^|[\\/])(?:node_modules|\.[^\\/]+)[\\/]/.test(name))
        return
      if (resolve(name) === file) return
      clearTimeout(timer)
      timer = setTimeout(() => {
        running = running.then(write)
      }, QUIET_MS)
    })
  })
}
