/** The commands. Each ends the process with an exit code other than 0 at the first thing that is wrong. */
import { compile, emptyModules } from './build.js'
import { pack, PACKAGE_FOLDER } from './pack.js'
import { become, program, step } from './run.js'

const node = process.execPath

/** Builds, and becomes the starter kit. */
export function start(args) {
  compile()
  become(node, ['--import', './dist/src/platform/register.js', 'dist/samples/starter-kit/main.js', ...args])
}

export function build() {
  compile()
}

/** Everything that is known without running the code. */
export function check() {
  compile()
  console.log('build, types: ok')
  step('format', node, [program('oxfmt'), '--check', '.'])
  step('lint, floors, import cycles', node, [program('oxlint')])
  step('unused code', node, [program('knip')])
}

/** `check`, then the tests; arguments go to jest. */
export function test(args) {
  check()
  become(node, [program('jest'), ...args])
}

/** The same test files under jest's own runner: slower, with isolation and time limits for each test. */
export function stockTest(args) {
  compile()
  become(node, ['--experimental-vm-modules', '--no-warnings', program('jest'), '--runner=jest-runner', ...args])
}

/** The tests with lines counted in the TypeScript sources; fails below the share named in .c8rc.json. */
export function coverage(args) {
  compile()
  const excluded = emptyModules().map((file) => `--exclude=${file}`)
  become(node, [program('c8'), ...excluded, node, program('jest'), ...args])
}

/** The package as npm gets it, in build/package. */
export function makePackage() {
  compile()
  pack()
}

/** What is wrong with that package. */
export function checkPackage() {
  makePackage()
  step('publint', node, [program('publint'), PACKAGE_FOLDER, '--strict'])
  const attw = program('@arethetypeswrong/cli', 'attw')
  step('types of every entry', node, [attw, '--pack', PACKAGE_FOLDER, '--profile', 'esm-only'])
}

/** A client that a generator of others makes of the starter kit's document. */
export function checkClient() {
  compile()
  step('a client of @hey-api/openapi-ts, in strict mode', node, ['test/tools/openapi-client/run.js'])
}

/** What somebody new does with the package in the first ten minutes. */
export async function tenMinutes() {
  makePackage()
  // Written for the Node that the framework needs; older ones, which only launch it, cannot read it.
  const { firstTenMinutes } = await import('./first-ten-minutes.js')
  await firstTenMinutes()
}

/** Tenon beside other frameworks; see bench/README.md. */
export function bench(args) {
  compile()
  become(node, ['bench/run.js', ...args])
}
