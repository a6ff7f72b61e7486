import { spawn, type ChildProcess } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const LIMIT_MS = 30_000

const LOCK = {
  packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0', optional: true } },
}
const STARTER = 'samples/starter-kit/main.ts'

interface Ended {
  readonly code: number | null
  readonly output: string
}

/** A small repository with the launcher, a compiler, and an `npm` that only notes how it was called. */
class Checkout {
  private constructor(readonly folder: string) {}

  static async create(): Promise<Checkout> {
    const checkout = new Checkout(await mkdtemp(join(tmpdir(), 'tenon-launch-')))
    await cp(join(ROOT, 'scripts'), join(checkout.folder, 'scripts'), { recursive: true })
    await cp(join(ROOT, 'tsconfig.json'), join(checkout.folder, 'tsconfig.json'))
    await checkout.write('package.json', '{ "type": "module" }')
    await checkout.write('package-lock.json', JSON.stringify(LOCK))
    await checkout.write('node_modules/.package-lock.json', JSON.stringify(LOCK))
    for (const name of ['typescript', '@types']) {
      await symlink(join(ROOT, 'node_modules', name), join(checkout.folder, 'node_modules', name), 'junction')
    }
    await checkout.write('bin/npm', '#!/bin/sh\necho "$@" > npm-was-called\n')
    await chmod(join(checkout.folder, 'bin/npm'), 0o755)
    return checkout
  }

  async write(file: string, text: string): Promise<void> {
    await mkdir(join(this.folder, file, '..'), { recursive: true })
    await writeFile(join(this.folder, file), text)
  }

  has(file: string): boolean {
    return existsSync(join(this.folder, file))
  }

  launch(...args: string[]): ChildProcess {
    const PATH = `${join(this.folder, 'bin')}${delimiter}${process.env['PATH']}`
    const launcher = join(this.folder, 'scripts/launch.js')
    return spawn(process.execPath, [launcher, ...args], {
      env: { ...process.env, PATH, FORCE_COLOR: '0' },
      timeout: LIMIT_MS,
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** @param onOutput - Told everything written so far, each time something was. */
function ended(child: ChildProcess, onOutput?: (output: string) => void): Promise<Ended> {
  let output = ''
  const collect = (text: Buffer): void => {
    output += text.toString()
    onOutput?.(output)
  }
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })))
}

describe('The launcher', () => {
  it('compiles, and removes what a deleted source left behind', async () => {
    await using checkout = await Checkout.create()
    await checkout.write('src/kept.ts', 'export const kept = 1\n')
    await checkout.write('src/gone.ts', 'export const gone = 1\n')
    await ended(checkout.launch('build'))
    expect(checkout.has('dist/src/gone.js')).toBe(true)

    await rm(join(checkout.folder, 'src/gone.ts'))
    const { code } = await ended(checkout.launch('build'))

    expect(code).toBe(0)
    expect(checkout.has('dist/src/kept.js')).toBe(true)
    expect(['js', 'js.map', 'd.ts', 'd.ts.map'].filter((kind) => checkout.has(`dist/src/gone.${kind}`))).toEqual([])
  })

  it('says what the compiler said when the build fails', async () => {
    await using checkout = await Checkout.create()
    await checkout.write('src/wrong.ts', 'export const wrong: number = "text"\n')

    const { code, output } = await ended(checkout.launch('build'))

    expect(code).toBe(1)
    expect(output).toMatch(/wrong\.ts.*TS2322/)
  })

  it.each([
    ['nothing was installed', undefined],
    ['another version is installed', { 'node_modules/a': { version: '0.9.0' } }],
    ['a package is missing', {}],
  ])('installs without install scripts when %s', async (_when, packages) => {
    await using checkout = await Checkout.create()
    await checkout.write('src/one.ts', 'export const one = 1\n')
    if (packages) await checkout.write('node_modules/.package-lock.json', JSON.stringify({ packages }))
    else await rm(join(checkout.folder, 'node_modules/.package-lock.json'))

    const { code } = await ended(checkout.launch('build'))

    expect(code).toBe(0)
    expect(await readFile(join(checkout.folder, 'npm-was-called'), 'utf8')).toMatch(/^ci --ignore-scripts /)
  })

  it('installs nothing when only optional packages are absent', async () => {
    await using checkout = await Checkout.create()
    await checkout.write('src/one.ts', 'export const one = 1\n')
    const packages = { 'node_modules/a': { version: '1.0.0' } }
    await checkout.write('node_modules/.package-lock.json', JSON.stringify({ packages }))

    await ended(checkout.launch('build'))

    expect(checkout.has('npm-was-called')).toBe(false)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('leaves %s and the exit code to the starter kit', async (signal) => {
    await using checkout = await Checkout.create()
    await checkout.write(
      STARTER,
      `process.on('${signal}', () => { console.log('drained'); process.exit(7) })
      setInterval(() => {}, 1000)
      console.log('ready')\n`,
    )
    await checkout.write('src/platform/register.ts', 'export {}\n')
    const child = checkout.launch('start')
    let sent = false

    const { code, output } = await ended(child, (written) => {
      if (sent || !written.includes('ready')) return
      sent = true
      child.kill(signal)
    })

    expect(output).toBe('ready\ndrained\n')
    expect(code).toBe(7)
  })

  it('refuses a command it does not know, and lists those it knows', async () => {
    await using checkout = await Checkout.create()

    const { code, output } = await ended(checkout.launch('dance'))

    expect(code).toBe(2)
    expect(output).toContain('Known: start, test,')
  })

  it.each([
    ['18.20.4', true],
    ['24.10.9', true],
    ['24.11.0', false],
    ['25.0.0', false],
  ])('takes Node %s for too old: %s', async (version, tooOld) => {
    const { isNodeTooOld } = (await import(join(ROOT, 'scripts/node-version.js'))) as {
      isNodeTooOld: (version: string) => boolean
    }

    expect(isNodeTooOld(version)).toBe(tooOld)
  })
})
