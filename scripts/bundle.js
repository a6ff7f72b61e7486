/**
 * Puts a dependency that consists of hundreds of files into one, because loading them one by one costs more than
 * everything else an empty application does at its start. The package stays a dependency: its types and its version
 * are the installed ones, and the licences of all that went in travel with the bundle.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { step } from './run.js'

export const BUNDLE_FOLDER = join('dist', 'vendor')

/** Bundles what package.json imports from the bundle folder, where it is missing or of another version. */
export function bundle() {
  const { imports = {} } = JSON.parse(readFileSync('package.json', 'utf8'))
  for (const { types: name, default: target } of Object.values(imports)) {
    const { version, license, type } = JSON.parse(readFileSync(join('node_modules', name, 'package.json'), 'utf8'))
    const banner = `/* ${name}@${version}, ${license}; see LICENSE-${name} */`
    const file = join(target)
    if (existsSync(file) && readFileSync(file, 'utf8').startsWith(banner)) continue
    mkdirSync(dirname(file), { recursive: true })
    const metafile = `${file}.inputs.json`
    // What CommonJS asks of Node itself stays a require.
    const prelude = type === 'module' ? '' : REQUIRE
    const options = ['--bundle', '--format=esm', '--platform=node', '--target=node24', '--legal-comments=inline']
    step(`bundle ${name}@${version}`, join('node_modules', '.bin', 'esbuild'), [
      name,
      ...options,
      `--banner:js=${banner}${prelude}`,
      `--outfile=${file}`,
      `--metafile=${metafile}`,
      '--log-level=error',
    ])
    writeFileSync(join(BUNDLE_FOLDER, `LICENSE-${name}`), licences(JSON.parse(readFileSync(metafile, 'utf8'))))
    rmSync(metafile)
  }
}

/** The script of the documentation page: its package would bring hundreds of others, and browsers need this file alone. */
const SCALAR = { name: '@scalar/api-reference', file: join('dist', 'browser', 'standalone.js') }

/** Copies what browsers are served, compressed, where it is missing or of another version. */
export function copyBrowserFiles() {
  const { devDependencies = {} } = JSON.parse(readFileSync('package.json', 'utf8'))
  if (!(SCALAR.name in devDependencies)) return
  const folder = join('node_modules', SCALAR.name)
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const notice = join(BUNDLE_FOLDER, 'LICENSE-scalar-api-reference')
  const head = `${SCALAR.name}@${version} (${license})\n`
  if (existsSync(notice) && readFileSync(notice, 'utf8').startsWith(head)) return
  mkdirSync(BUNDLE_FOLDER, { recursive: true })
  const script = readFileSync(join(folder, SCALAR.file))
  writeFileSync(join(BUNDLE_FOLDER, 'scalar-api-reference.js.gz'), gzipSync(script, { level: 9 }))
  const text = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
  // Written last: it says that the rest is there.
  writeFileSync(notice, `${head}\n${text === undefined ? '' : readFileSync(join(folder, text), 'utf8')}`)
}

const REQUIRE = "\nimport { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)"

/** The licence of every package that files were taken from. */
function licences({ inputs }) {
  const names = Object.keys(inputs).flatMap(
    (path) =>
      path
        .split('node_modules/')
        .at(-1)
        ?.match(/^(?:@[^/]+\/)?[^/]+/) ?? [],
  )
  return [...new Set(names)]
    .sort()
    .map((name) => {
      const folder = join('node_modules', name)
      const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
      const text =
        file === undefined
          ? readFileSync(join(folder, 'package.json'), 'utf8')
          : readFileSync(join(folder, file), 'utf8')
      return `${name}\n\n${text.trim()}\n`
    })
    .join(`\n${'-'.repeat(80)}\n\n`)
}
