/** The project the tool was called in: its application is found, loaded, read, built and started only as far as asked. */
import { UNKNOWN_SITE, type Class } from '../../decorators/index.ts'
import type { Application } from '../application/application.ts'
import { startProgram } from '../application/create-app.ts'
import { buildProgram, readProgram, type BuiltProgram, type Program } from '../application/program.ts'
import { loadApp } from './load-app.ts'
import { locateApp, projectFolder, type AppLocation } from './locate-app.ts'
import type { ToolIo } from './tool-io.ts'

export interface ProjectOptions {
  readonly io: ToolIo
  /** `--cwd`, absolute. */
  readonly cwd: string
  /** `--app` */
  readonly app: string | undefined
}

export class Project implements AsyncDisposable {
  readonly #options: ProjectOptions
  #module: Promise<Class> | undefined
  #program: Promise<Program> | undefined
  #built: Promise<BuiltProgram> | undefined
  #application: Promise<Application> | undefined

  constructor(options: ProjectOptions) {
    this.#options = options
  }

  /** The folder that commands run in: `--cwd`, else where the tool was called. */
  get cwd(): string {
    return this.#options.cwd
  }

  /** The folder with package.json. */
  get folder(): string {
    return projectFolder(this.#options.cwd)
  }

  /** @throws `CLI_APP_NOT_FOUND` */
  locate(): AppLocation {
    return locateApp(this.#options.cwd, this.#options.app)
  }

  /**
   * The root module.
   * @throws `CLI_APP_NOT_FOUND`, `CLI_APP_UNREADABLE`, `CLI_IMPORT_CYCLE`, `CLI_APP_WITHOUT_MODULE`
   */
  module(): Promise<Class> {
    return (this.#module ??= loadApp(this.locate().file))
  }

  /** The program as it is written, with everything that is wrong with it. Needs neither port nor database. */
  program(): Promise<Program> {
    return (this.#program ??= this.#read())
  }

  /**
   * Providers exist, none is started.
   * @throws `APP_START_REFUSED`
   */
  built(): Promise<BuiltProgram> {
    return (this.#built ??= this.program().then(buildProgram))
  }

  /** Started (databases are open), not listening; closed when the command is done. */
  application(): Promise<Application> {
    return (this.#application ??= this.built().then(startProgram))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const application = await this.#application?.catch(() => undefined)
    if (application) return application.close()
    const program = await this.#program?.catch(() => undefined)
    await program?.log.close()
    return undefined
  }

  async #read(): Promise<Program> {
    const { io, cwd } = this.#options
    const root = await this.module()
    return readProgram(
      { imports: [root], at: UNKNOWN_SITE },
      { cwd: projectFolder(cwd), log: { output: io.errors, byDefault: 'warn' } },
    )
  }
}
