/**
 * Makes the package as npm gets it, in build/package: the entries of package.json in a few files instead of hundreds,
 * because loading many small files costs an empty application more than all the rest of its start. Types, source maps
 * and the sources they point to come along. Tests run the same code unbundled, from dist.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

import { capture, giveUp, program, step } from './run.js'

export const PACKAGE_FOLDER = join('build', 'package')
const RUNTIME = 'runtime'
const FLOORS = ['decorators', 'src', 'modules']

/** In many files, and nothing an application shares with us by importing it: these go into the bundle. */
const BUNDLED = [
  'inversify',
  '#inversify',
  'find-my-way',
  'secure-json-parse',
  'cookie',
  'jose',
  'winston',
  '@opentelemetry/core',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-metrics',
  '@opentelemetry/sdk-trace',
]

/** Of those, what the published types speak of. */
const TYPES_OF = ['@opentelemetry/sdk-trace']

/** What new projects are made of. */
const SAMPLES = ['hello', 'api', 'starter-kit']

/** Served as they are. */
const BROWSER_FILES = ['scalar-api-reference.js.gz', 'LICENSE-scalar-api-reference'].map((file) => join('vendor', file))

export function pack() {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
  rmSync('build', { recursive: true, force: true })
  mkdirSync(PACKAGE_FOLDER, { recursive: true })

  const entries = entryFiles(manifest)
  bundleEntries(entries, manifest)
  for (const floor of FLOORS) copyTypes(floor)
  for (const file of BROWSER_FILES) cpSync(join('dist', file), join(PACKAGE_FOLDER, RUNTIME, file))
  cpSync('bin', join(PACKAGE_FOLDER, 'bin'), { recursive: true })
  copyTemplates()
  // What `tenon explain <code>` reads.
  cpSync(join('docs', 'errors.md'), join(PACKAGE_FOLDER, 'docs', 'errors.md'))
  for (const file of ['README.md', 'CHANGELOG.md', 'LICENSE']) cpSync(file, join(PACKAGE_FOLDER, file))
  writeFileSync(join(PACKAGE_FOLDER, 'package.json'), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`)
}

/** What `tenon generate` and `tenon new` write: templates, and the samples with their tests and settings. */
function copyTemplates() {
  cpSync('templates', join(PACKAGE_FOLDER, 'templates'), { recursive: true })
  for (const name of SAMPLES) {
    const filter = (path) => !path.endsWith('.md')
    for (const folder of [join('samples', name), join('test', 'samples', name)]) {
      if (existsSync(folder)) cpSync(folder, join(PACKAGE_FOLDER, folder), { recursive: true, filter })
    }
    writeFileSync(join(PACKAGE_FOLDER, 'samples', name, 'env-example'), envExampleOf(name))
  }
}

/** Every setting; of the sample that cannot be imported, those of every application. */
function envExampleOf(sample) {
  const sections = sample === 'hello' ? ['http', 'log', 'compile'] : ['']
  return sections.map((section) => askTenon(sample === 'hello' ? 'api' : sample, section)).join('\n')
}

function askTenon(sample, section) {
  const app = join('dist', 'samples', sample, 'app-module.js')
  const words = ['config', ...(section === '' ? [] : [section]), '--env-example', '--app', app]
  const { ok, stdout, output } = capture(process.execPath, [join('bin', 'tenon.js'), ...words])
  if (!ok) giveUp('package: the settings of a sample cannot be read', output)
  return stdout
}

/** The JavaScript behind each entry. */
function entryFiles({ exports }) {
  const targets = Object.values(exports).map((target) => (typeof target === 'string' ? target : target.default))
  return [...new Set(targets.filter((target) => target.endsWith('.js')))]
}

function bundleEntries(entries, { dependencies, peerDependencies }) {
  const external = [...Object.keys(dependencies), ...Object.keys(peerDependencies)].filter(
    (name) => !BUNDLED.includes(name),
  )
  const metafile = join('build', 'bundle.json')
  step('bundle', process.execPath, [
    program('esbuild'),
    ...entries,
    '--bundle',
    '--splitting',
    '--format=esm',
    '--platform=node',
    '--target=node24',
    '--sourcemap',
    '--keep-names',
    '--legal-comments=none',
    // Every start has less to read; stack traces name the sources by their maps.
    '--minify-whitespace',
    '--outbase=dist',
    `--outdir=${join(PACKAGE_FOLDER, RUNTIME)}`,
    '--chunk-names=shared/[name]-[hash]',
    // Bundled CommonJS asks for Node's modules by `require`.
    "--banner:js=import { createRequire as tenonRequire } from 'node:module'; const require = tenonRequire(import.meta.url);",
    ...external.map((name) => `--external:${name}`),
    `--metafile=${metafile}`,
    '--log-level=error',
  ])
  nameOnlyTheRenamed()
  copyLicences(Object.keys(JSON.parse(readFileSync(metafile, 'utf8')).inputs))
}

/** Most have their name already, and a start would define it once more for thousands of functions. */
function nameOnlyTheRenamed() {
  const helper = '__name=(target,value)=>'
  const shared = join(PACKAGE_FOLDER, RUNTIME, 'shared')
  const files = readdirSync(shared).filter(
    (name) => name.endsWith('.js') && readFileSync(join(shared, name), 'utf8').includes(helper),
  )
  if (files.length === 0) giveUp('package: the function that esbuild keeps names by looks different', helper)
  for (const name of files) {
    const file = join(shared, name)
    writeFileSync(file, readFileSync(file, 'utf8').replace(helper, `${helper}target.name===value?target:`))
  }
}

/** What is bundled keeps its licence. */
function copyLicences(inputs) {
  const packages = new Set(inputs.flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []))
  packages.add(join('node_modules', 'inversify'))
  for (const folder of packages) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const text = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file))
    const target = join(PACKAGE_FOLDER, RUNTIME, 'licenses', `${name.replace('/', '__')}.txt`)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, `${name}@${version} (${license})\n\n${text ? readFileSync(join(folder, text), 'utf8') : ''}`)
  }
}

function copyTypes(floor) {
  cpSync(join('dist', floor), join(PACKAGE_FOLDER, 'types', floor), {
    recursive: true,
    filter: (path) => !/\.(js|js\.map|d\.ts\.map)$/.test(path),
  })
}

const PUBLISHED = ['name', 'version', 'description', 'keywords', 'license', 'type', 'engines', 'bin', 'sideEffects']

/** Without what only this repository needs, and with the entries where the bundle has them. */
function publishedManifest(manifest) {
  const { dependencies, devDependencies, exports, peerDependencies, peerDependenciesMeta } = manifest
  return {
    ...Object.fromEntries(PUBLISHED.map((key) => [key, manifest[key]])),
    files: ['bin', RUNTIME, 'types', 'docs', 'templates', 'samples', 'test', 'CHANGELOG.md'],
    // What `tenon new` puts into package.json.
    tenon: { versions: { ...dependencies, ...devDependencies } },
    exports: Object.fromEntries(Object.entries(exports).map(([entry, target]) => [entry, published(target)])),
    dependencies: Object.fromEntries(Object.entries(dependencies).filter(([each]) => isInstalled(each))),
    peerDependencies,
    peerDependenciesMeta,
  }
}

function isInstalled(name) {
  return !BUNDLED.includes(name) || TYPES_OF.includes(name)
}

function published(target) {
  if (typeof target !== 'string') {
    return Object.fromEntries(Object.entries(target).map(([condition, file]) => [condition, published(file)]))
  }
  const file = relative('dist', target)
  if (file.startsWith('..')) return target
  return `./${join(file.endsWith('.d.ts') ? 'types' : RUNTIME, file)}`
}
