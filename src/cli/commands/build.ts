/** `tenon build` */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

import { CliBuildFailed, CliPackageMissing } from '../cli-errors.ts'
import { CommandResult } from '../command-result.ts'
import { typeScriptCompiler } from '../dev/type-check.ts'
import { printTable } from '../print-table.ts'
import { runNode } from '../run-program.ts'
import { toolCommand } from '../tool-command.ts'

const EMITTED = /\.(?:d\.ts|js)(?:\.map)?$/

export const build = toolCommand('build', {
  description: 'Compiles with tsc, removes what deleted sources left behind, and says how large the result is',
  options: { '--project <file>': 'tsconfig.json of another name' },
  examples: ['tenon build', 'tenon build --project tsconfig.build.json --json'],
  run: async (call) => {
    const { folder } = call.project
    const compiler = typeScriptCompiler(folder)
    if (compiler === undefined) throw new CliPackageMissing('tenon build', 'typescript', '7')
    const project = call.option('project') ?? 'tsconfig.json'
    const startedAt = performance.now()
    const code = await runNode(compiler, ['-p', project], { cwd: folder, toErrors: true })
    if (code !== 0) throw new CliBuildFailed(`tsc ended with ${code}`)
    const { outDir, rootDir } = foldersOf(join(folder, project))
    const removed = prune(outDir, rootDir)
    const sizes = sizesOf(outDir)
    const seconds = Number(((performance.now() - startedAt) / 1000).toFixed(2))
    const rows = sizes.map(({ kind, files, bytes }) => [kind, String(files), `${(bytes / 1024).toFixed(1)} KB`])
    return new CommandResult({
      data: { outDir, seconds, removed, sizes },
      text: [
        printTable(['WHAT', 'FILES', 'SIZE'], rows),
        ...(removed.length > 0 ? [`Removed ${removed.length} files without a source.`] : []),
        `Built ${relative(folder, outDir) || outDir} in ${seconds} s.`,
      ].join('\n'),
    })
  },
})

interface Folders {
  readonly outDir: string
  /** What the compiler takes away from the path of a source; `undefined` when it decides by itself. */
  readonly rootDir: string | undefined
}

/** Comments and trailing commas are allowed there, and `JSON.parse` allows neither; two settings are all that counts. */
function foldersOf(project: string): Folders {
  const text = existsSync(project) ? readFileSync(project, 'utf8').replaceAll(/^\s*\/\/.*$/gm, '') : ''
  const setting = (name: string): string | undefined => new RegExp(`"${name}"\\s*:\\s*"([^"]+)"`).exec(text)?.[1]
  const root = setting('rootDir')
  return {
    outDir: resolve(project, '..', setting('outDir') ?? 'dist'),
    rootDir: root === undefined ? undefined : resolve(project, '..', root),
  }
}

/** A stale file would still be loaded, and a stale test would still run. */
function prune(outDir: string, rootDir: string | undefined): readonly string[] {
  if (rootDir === undefined) return []
  const stale = emitted(outDir).filter((file) => {
    const source = join(rootDir, relative(outDir, file).replace(EMITTED, ''))
    return isCompiled(file) && !['.ts', '.tsx', '.mts'].some((extension) => existsSync(`${source}${extension}`))
  })
  for (const file of stale) rmSync(file)
  return stale
}

/** What the compiler wrote has a map beside it; other files in the folder are somebody else's. */
function isCompiled(file: string): boolean {
  return existsSync(`${file.replace(EMITTED, '')}.js.map`)
}

function sizesOf(outDir: string): readonly { kind: string; files: number; bytes: number }[] {
  const kinds: readonly (readonly [string, RegExp])[] = [
    ['JavaScript', /\.js$/],
    ['types', /\.d\.ts(?:\.map)?$/],
    ['source maps', /\.js\.map$/],
  ]
  const files = emitted(outDir)
  return kinds.map(([kind, pattern]) => {
    const own = files.filter((file) => pattern.test(file))
    return { kind, files: own.length, bytes: own.reduce((sum, file) => sum + statSync(file).size, 0) }
  })
}

function emitted(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => EMITTED.test(file) && !file.includes('node_modules'))
    .map((file) => join(folder, file))
}
