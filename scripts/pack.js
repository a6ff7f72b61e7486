/**
 * Makes the package as npm gets it, in build/package: the entries of package.json in a few files instead of hundreds,
 * because loading many small files costs an empty application more than all the rest of its start. Types, source maps
 * and the sources they point to come along. Tests run the same code unbundled, from dist.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

import { program, step } from './run.js'

export const PACKAGE_FOLDER = join('build', 'package')
const RUNTIME = 'runtime'
const FLOORS = ['decorators', 'src', 'modules']

/** Loaded by every application, in many files, and stateless: these go into the bundle. */
const BUNDLED = ['inversify', '#inversify', 'find-my-way', 'secure-json-parse', 'cookie']

export function pack() {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
  rmSync('build', { recursive: true, force: true })
  mkdirSync(PACKAGE_FOLDER, { recursive: true })

  const entries = entryFiles(manifest)
  bundleEntries(entries, manifest)
  for (const floor of FLOORS) copyTypes(floor)
  for (const file of ['README.md', 'CHANGELOG.md', 'LICENSE']) cpSync(file, join(PACKAGE_FOLDER, file))
  writeFileSync(join(PACKAGE_FOLDER, 'package.json'), `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`)
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
    '--outbase=dist',
    `--outdir=${join(PACKAGE_FOLDER, RUNTIME)}`,
    '--chunk-names=shared/[name]-[hash]',
    // Bundled CommonJS asks for Node's modules by `require`.
    "--banner:js=import { createRequire as tenonRequire } from 'node:module'; const require = tenonRequire(import.meta.url);",
    ...external.map((name) => `--external:${name}`),
    `--metafile=${metafile}`,
    '--log-level=error',
  ])
  copyLicences(Object.keys(JSON.parse(readFileSync(metafile, 'utf8')).inputs))
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

const PUBLISHED = ['name', 'version', 'description', 'keywords', 'license', 'type', 'engines', 'sideEffects']

/** Without what only this repository needs, and with the entries where the bundle has them. */
function publishedManifest(manifest) {
  const { dependencies, exports, peerDependencies, peerDependenciesMeta } = manifest
  return {
    ...Object.fromEntries(PUBLISHED.map((key) => [key, manifest[key]])),
    files: [RUNTIME, 'types', 'CHANGELOG.md'],
    exports: Object.fromEntries(Object.entries(exports).map(([entry, target]) => [entry, published(target)])),
    dependencies: Object.fromEntries(Object.entries(dependencies).filter(([each]) => !BUNDLED.includes(each))),
    peerDependencies,
    peerDependenciesMeta,
  }
}

function published(target) {
  if (typeof target !== 'string') {
    return Object.fromEntries(Object.entries(target).map(([condition, file]) => [condition, published(file)]))
  }
  const file = relative('dist', target)
  if (file.startsWith('..')) return target
  return `./${join(file.endsWith('.d.ts') ? 'types' : RUNTIME, file)}`
}
