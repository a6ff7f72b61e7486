/** Where the application of a project is: what was asked for, what package.json says, else where it is by convention. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

import { CliAppNotFound } from './cli-errors.ts'

export interface AppLocation {
  /** The folder with package.json: `.env` files and relative paths count from it. */
  readonly folder: string
  /** The file that exports the root module; JavaScript or TypeScript. */
  readonly file: string
}

/** `tenon` in package.json. */
export interface ProjectSettings {
  /** The file that exports the root module: `dist/app-module.js`. */
  readonly app?: string
  /** The file that starts the application: `dist/main.js`. */
  readonly main?: string
}

const COMPILED = ['dist/app-module.js', 'dist/src/app-module.js', 'dist/app.module.js', 'dist/src/app.module.js']
const SOURCES = ['src/app-module.ts', 'app-module.ts', 'src/app.module.ts']

/** The nearest folder with a package.json, `cwd` when there is none. */
export function projectFolder(cwd: string): string {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder)) return resolve(cwd)
  }
}

export function projectSettings(folder: string): ProjectSettings {
  return (readManifest(folder)['tenon'] as ProjectSettings | undefined) ?? {}
}

/** What package.json says; nothing where there is none, or none that can be read. */
export function readManifest(folder: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>
  } catch {
    return {}
  }
}

/**
 * @param asked - `--app`, relative to `cwd`.
 * @throws `CLI_APP_NOT_FOUND`
 */
export function locateApp(cwd: string, asked: string | undefined): AppLocation {
  const folder = projectFolder(cwd)
  if (asked !== undefined) {
    const file = resolve(cwd, asked)
    if (!existsSync(file)) throw new CliAppNotFound(cwd, asked)
    return { folder, file }
  }
  const { app } = projectSettings(folder)
  const candidates = app === undefined ? [...COMPILED, ...SOURCES] : [app]
  const found = candidates.map((each) => join(folder, each)).find((each) => existsSync(each))
  if (found === undefined) throw new CliAppNotFound(folder, candidates.join(', '))
  return { folder, file: found }
}

/**
 * The file that starts the application: `tenon.main`, else `main` beside the module.
 * @returns `undefined` when there is none: the module alone is enough to start it.
 */
export function locateMain({ folder, file }: AppLocation): string | undefined {
  const { main } = projectSettings(folder)
  const beside = file.replace(/[^/\\]+\.(js|ts)$/, 'main.$1')
  return [...(main === undefined ? [] : [join(folder, main)]), beside].find((each) => existsSync(each))
}
