/** Clients as tests use them: written, compiled in strict mode, loaded. */
import { execFile } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

import { printTypeScript } from 'tenon/client'
import { OpenApi } from 'tenon/openapi'
import type { TestApp } from 'tenon/testing'

export const ROOT = join(import.meta.dirname, '../../../..')

/** Every switch that makes the compiler stricter. */
const STRICT =
  '--ignoreConfig --noEmit --strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes --noImplicitOverride --noImplicitReturns ' +
  '--noPropertyAccessFromIndexSignature --noUnusedLocals --noUnusedParameters --isolatedModules --verbatimModuleSyntax ' +
  '--erasableSyntaxOnly --allowImportingTsExtensions --target es2024'

export const BROWSER = '--module esnext --moduleResolution bundler --lib es2024,dom,dom.iterable --types '
export const NODE = `--module nodenext --lib es2024 --types node --typeRoots ${join(ROOT, 'node_modules/@types')}`

export class MadeClient implements AsyncDisposable {
  readonly folder: string
  readonly file: string

  private constructor(folder: string) {
    this.folder = folder
    this.file = join(folder, 'api.ts')
  }

  /** @param version - Of the API. Default: the newest. */
  static async of(app: TestApp, version?: string): Promise<MadeClient> {
    const made = new MadeClient(mkdtempSync(join(tmpdir(), 'tenon-client-')))
    const { document } = await app.get(OpenApi).traced(version)
    await writeFile(made.file, await printTypeScript(document))
    await writeFile(join(made.folder, 'package.json'), '{ "type": "module" }')
    return made
  }

  /** The module; a program of the application's own would import its types, too. */
  load<T>(): Promise<T> {
    return import(pathToFileURL(this.file).href) as Promise<T>
  }

  /** What the compiler complains of, in strict mode. */
  async complaints(platform: string, uses = 'export {}'): Promise<string> {
    await writeFile(join(this.folder, 'uses.ts'), uses)
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
    const files = [this.file, join(this.folder, 'uses.ts')]
    try {
      await promisify(execFile)(process.execPath, [compiler, ...`${STRICT} ${platform}`.split(' '), ...files])
      return ''
    } catch (error) {
      return (error as { readonly stdout: string }).stdout
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}
