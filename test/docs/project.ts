/** A project as a reader of the pages would have it: their files, their compiler options, `tenon` installed. */
import { execFile, fork, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { ROOT } from './pages.ts'
import type { Material, Program } from './material.ts'

const FOLDER = join(ROOT, 'dist/docs-project')
const LIMIT_MS = 60_000

export interface Run {
  readonly file: string
  readonly printed: string
  readonly error?: string
}

/** Writes everything and compiles it in one go; answers what the compiler said. */
export async function compileProject({ programs, files }: Material): Promise<string> {
  rmSync(FOLDER, { recursive: true, force: true })
  write('package.json', JSON.stringify({ name: 'as-in-the-docs', private: true, type: 'module' }))
  for (const { info, text } of files) write(info.split(' ')[1]!, text)
  for (const { file, source } of programs) write(join('src', file), source)
  mkdirSync(join(FOLDER, 'node_modules'))
  symlinkSync(ROOT, join(FOLDER, 'node_modules/tenon'), 'junction')
  const { output } = await execute([programOf('typescript', 'tsc'), '-p', 'tsconfig.json'])
  return output
}

function write(path: string, text: string): void {
  const target = join(FOLDER, path)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, text)
}

/** Runs them one after the other in one process, as in a test environment, in a folder of their own. */
export function runPrograms(programs: readonly Program[]): Promise<ReadonlyMap<Program, Run>> {
  const byFile = new Map(programs.map((program) => [compiledFile(program), program]))
  const runs = new Map<Program, Run>()
  const runner = fileURLToPath(new URL('programs/run-programs.js', import.meta.url))
  const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<Program, Run>>()
  const cwd = join(FOLDER, 'run')
  mkdirSync(cwd)
  const child = fork(runner, [...byFile.keys()], {
    cwd,
    env: environment({ TENON_ENV: 'test' }),
    execArgv: ['--enable-source-maps'],
    silent: true,
    timeout: LIMIT_MS,
  })
  const written = collect(child)
  child.on('message', (run: Run) => runs.set(byFile.get(run.file)!, run))
  child.on('error', reject)
  child.on('exit', () => {
    if (runs.size === programs.length) resolve(runs)
    else reject(new Error(`The programs stopped after ${runs.size} of ${programs.length}: ${written()}`))
  })
  return promise
}

/** Runs the tests of the pages with the configuration of the pages. */
export function runTests(): Promise<{ readonly code: number; readonly output: string }> {
  return execute([programOf('jest'), '--ci', '--maxWorkers=2'])
}

/** A program of the pages that serves; stops by the signal that Ctrl-C sends. */
export class Served {
  readonly url: string
  readonly #child: ChildProcess
  readonly #written: () => string

  private constructor(child: ChildProcess, url: string, written: () => string) {
    this.#child = child
    this.url = url
    this.#written = written
  }

  static start(program: Program): Promise<Served> {
    const { promise, resolve, reject } = Promise.withResolvers<Served>()
    const child = spawn(process.execPath, ['--enable-source-maps', compiledFile(program)], {
      cwd: FOLDER,
      env: environment({ PORT: '0' }),
      timeout: LIMIT_MS,
    })
    const written = collect(child)
    child.on('exit', () => reject(new Error(`${program.file} ended: ${written()}`)))
    child.stdout.on('data', () => {
      const url = /Listening on (http:\S+)/.exec(written())?.[1]
      if (url) resolve(new Served(child, url, written))
    })
    return promise
  }

  /** The exit code, and everything that was written. */
  stop(): Promise<{ readonly code: number | null; readonly output: string }> {
    const { promise, resolve } = Promise.withResolvers<{ readonly code: number | null; readonly output: string }>()
    this.#child.on('close', (code) => resolve({ code, output: this.#written() }))
    this.#child.kill('SIGINT')
    return promise
  }
}

function compiledFile({ file }: Program): string {
  return join(FOLDER, 'dist', file.replace(/\.ts$/, '.js'))
}

/** Settings of whoever runs the tests are not those of the pages. */
function environment(variables: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH } = process.env
  return { PATH, NO_COLOR: '1', ...variables }
}

function execute(args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  const { promise, resolve } = Promise.withResolvers<{ readonly code: number; readonly output: string }>()
  const options = { cwd: FOLDER, env: environment({}), timeout: LIMIT_MS }
  execFile(process.execPath, args, options, (error, stdout, stderr) =>
    resolve({ code: error ? 1 : 0, output: stdout + stderr }),
  )
  return promise
}

function collect(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return () => text
}

/** The file that a package's command runs. */
function programOf(name: string, command = name): string {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`)
  const { bin } = createRequire(import.meta.url)(manifest) as { readonly bin: string | Record<string, string> }
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[command]!)
}
