/** A project that exists only for a test: of its own, below dist, with this Tenon as its dependency. */
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { ROOT } from '../../../docs/pages.ts'
import { runTool, type ToolRun } from '../tool-run.ts'

export interface Ran {
  readonly code: number
  readonly output: string
}

const FILES = {
  'package.json': '{ "name": "scratch", "type": "module", "tenon": { "app": "src/app-module.ts" } }\n',
  'jest.config.js': "export default { preset: 'tenon/jest' }\n",
  '.gitignore': 'node_modules\ndist\ndata\n',
  'tsconfig.json': readFileSync(join(ROOT, 'templates/project/tsconfig.eta'), 'utf8'),
  'src/app-module.ts': `/** A shop. */
import { Module } from 'tenon'
import { DataModule } from 'tenon/data'

@Module({
  imports: [DataModule], // the database
})
export class AppModule {}
`,
}

export class ScratchProject {
  readonly folder: string

  /** @param files - Instead of the usual ones; `null` for a project that is there. */
  constructor(name: string, files: Readonly<Record<string, string>> | null = {}) {
    this.folder = join(ROOT, 'dist', 'scratch-projects', name)
    if (files === null) {
      this.link()
      return
    }
    rmSync(this.folder, { recursive: true, force: true })
    for (const [path, text] of Object.entries({ ...FILES, ...files })) this.write(path, text)
    this.link()
  }

  /** Packages are found further up, in the repository. */
  private link(): void {
    mkdirSync(join(this.folder, 'node_modules'), { recursive: true })
    symlinkSync(ROOT, join(this.folder, 'node_modules', 'tenon'), 'junction')
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8')
  }

  /** Those in a folder, in order. */
  files(folder: string): readonly string[] {
    return readdirSync(join(this.folder, folder))
      .map((name) => `${folder}/${name}`)
      .toSorted()
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }

  tenon(...argv: readonly string[]): Promise<ToolRun> {
    return runTool(argv, { cwd: this.folder })
  }

  /** The tool in a process of its own: for what loads the application. */
  tool(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    return this.run(process.execPath, [join(ROOT, 'bin', 'tenon.js'), ...argv], env)
  }

  compile(): Promise<Ran> {
    return this.#package('typescript/bin/tsc', ['-p', '.'])
  }

  jest(): Promise<Ran> {
    return this.#package('jest/bin/jest.js', ['--maxWorkers', '2'])
  }

  lint(): Promise<Ran> {
    return this.#package('oxlint/bin/oxlint', [])
  }

  format(): Promise<Ran> {
    return this.#package('oxfmt/bin/oxfmt', ['--check', '.'])
  }

  async git(...args: readonly string[]): Promise<string> {
    const { code, output } = await this.run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args])
    if (code !== 0) throw new Error(output)
    return output
  }

  async commit(): Promise<void> {
    await this.git('init', '--quiet')
    await this.git('add', '--all')
    await this.git('commit', '--quiet', '--message', 'All')
  }

  run(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const { PATH, HOME } = process.env
    const { promise, resolve } = Promise.withResolvers<Ran>()
    const options = { cwd: this.folder, env: { PATH, HOME, NO_COLOR: '1', ...env }, maxBuffer: 1 << 26 }
    execFile(file, [...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr })
    })
    return promise
  }

  #package(path: string, args: readonly string[]): Promise<Ran> {
    return this.run(process.execPath, [join(ROOT, 'node_modules', path), ...args])
  }
}
