/**
 * Runs TypeScript as it is written: swc compiles each file when Node loads it, with decorator metadata and source maps.
 * Types are not checked; `tenon dev` and `tenon build` do that beside.
 */
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { noteRunningSource } from '../errors/running-source.ts'
import { CliPackageMissing } from './cli-errors.ts'
import { decoratorSites, type Parse } from './decorator-sites.ts'
import { resolveOptional } from './load-optional.ts'
import { CompiledSources } from './compiled-sources.ts'

/** What is used of @swc/core. */
interface Swc {
  transformSync(source: string, options: object): { readonly code: string }
  parseSync: (source: string, options: object) => ReturnType<Parse>
}

const COMPILER = { feature: 'Running TypeScript', name: '@swc/core', version: '1.16' }

/**
 * What was imported besides the sources, as addresses in the order of their need, whoever asked and whenever: a process
 * that starts ahead loads it before it is needed.
 */
export const packagesUsed = new Set<string>()

/** What compiles in this process, once it does. */
const REGISTERED: { compiler?: Compiler } = {}

/** From now on `.ts` files can be imported. @throws `CLI_PACKAGE_MISSING` */
export function registerTypeScript(folder: string = process.cwd()): void {
  if (REGISTERED.compiler) return
  const { compile } = (REGISTERED.compiler = compilerOf(folder))
  const packages = new Map<string, string>()
  registerHooks({
    resolve: (specifier, context, next) => {
      const { parentURL } = context
      const isImported = context.conditions.includes('import')
      const isOfSource = parentURL !== undefined && isSource(parentURL)
      const source = isOfSource && specifier.startsWith('.') ? sourceBehind(specifier, parentURL) : undefined
      if (source !== undefined) return { url: source, format: 'module', shortCircuit: true }
      // All files of a folder find the same packages, and Node would read package.json for each of them.
      const key = isOfSource && isImported ? `${new URL('.', parentURL).href} ${specifier}` : undefined
      const known = key === undefined ? undefined : packages.get(key)
      if (known !== undefined) return { url: known, shortCircuit: true }
      const resolved = next(specifier, context)
      if (key !== undefined && !specifier.startsWith('.')) packages.set(key, resolved.url)
      // What CommonJS requires comes with the module that is imported.
      if (isImported && resolved.url.startsWith('file:') && !isSource(resolved.url)) packagesUsed.add(resolved.url)
      return resolved
    },
    load: (url, context, next) =>
      url.startsWith('file:') && isSource(url)
        ? { format: 'module', source: compile(fileURLToPath(url)), shortCircuit: true }
        : next(url, context),
  })
}

/** Loads what compiles, for who knows that a file will have changed. */
export function prepareCompiler(): void {
  REGISTERED.compiler?.prepare()
}

interface Compiler {
  /** @returns the JavaScript of a file. */
  compile(file: string): string
  prepare(): void
}

/** swc itself, some 30 MB, is loaded for the first file that has changed since it was compiled. */
function compilerOf(folder: string): Compiler {
  const manifest = resolveOptional(`${COMPILER.name}/package.json`, folder)
  if (manifest === undefined) throw new CliPackageMissing(COMPILER.feature, COMPILER.name, COMPILER.version)
  const require = createRequire(manifest)
  const { version } = require(manifest) as { readonly version: string }
  const compiled = new CompiledSources(folder, `${version} ${JSON.stringify(OPTIONS)}`)
  let loaded: Swc | undefined
  const swc = (): Swc => (loaded ??= require(COMPILER.name) as Swc)
  const parse: Parse = (source) => swc().parseSync(source, PARSER)
  const transform = (source: string, file: string): string =>
    swc().transformSync(source, { filename: file, ...OPTIONS }).code
  return {
    compile: (file) => {
      const source = readFileSync(file, 'utf8')
      const text = compiled.get(file, source, () => transform(source, file))
      noteRunningSource(file, { text, locate: decoratorSites(text, source, parse) })
      return text
    },
    // Its threads and tables are made for the first file.
    prepare: () => void transform('@a class A { @b() c(@d() e: string): string { return e } }', 'prepared.ts'),
  }
}

function isSource(url: string): boolean {
  return /\.m?ts$/.test(url) && !url.includes('/node_modules/')
}

/** `./x.js` and `./x` in TypeScript mean `./x.ts` where that is what there is. */
function sourceBehind(specifier: string, parent: string): string | undefined {
  const file = fileURLToPath(new URL(specifier, parent))
  if (isSource(file)) return existsSync(file) ? pathToFileURL(realpathSync(file)).href : undefined
  if (/\.\w+$/.test(file) && existsSync(file)) return undefined
  const found = [file.replace(/\.js$/, '.ts'), `${file}.ts`].find((each) => each.endsWith('.ts') && existsSync(each))
  return found && pathToFileURL(realpathSync(found)).href
}

const PARSER = { syntax: 'typescript', decorators: true }

const OPTIONS = {
  swcrc: false,
  configFile: false,
  sourceMaps: 'inline',
  inlineSourcesContent: false,
  module: { type: 'es6' },
  jsc: {
    target: 'es2024',
    keepClassNames: true,
    parser: PARSER,
    // As tsc does for projects of Tenon; see docs/guide.
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
}
