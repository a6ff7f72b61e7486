import { appendFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

import { ROOT } from '../../docs/pages.ts'
import { writeProject } from './check-projects.ts'

const APP = `import { Controller, Get, Module, Public } from 'tenon'

@Public()
@Controller()
export class Greeter {
  @Get('/')
  greet(): object { return { says: 'one', pid: process.pid } }

  @Get('/crash')
  crash(): object { setTimeout(() => process.kill(process.pid, 'SIGKILL'), 10); return {} }
}

@Module({ controllers: [Greeter] })
export class AppModule {}
`
const MAIN = `import { createApp } from 'tenon'
import { AppModule } from './app-module.ts'
await (await createApp(AppModule)).listen()
`

describe('tenon dev', () => {
  it('runs the sources, again after a save, and takes the next port when one is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const folder = writeProject('dev', { 'app-module.ts': APP, 'main.ts': MAIN })
    await using tool = new Tool(['dev', '--no-types', '--app', join(folder, 'app-module.ts'), '--port', String(port)])

    const [, used] = await tool.says(/using (\d+)\.[^]*Started/)
    expect(await ask(used!)).toMatchObject({ says: 'one' })

    writeFileSync(join(folder, 'app-module.ts'), APP.replace("'one'", "'two'"))
    await tool.says(/Restarted for .*app-module\.ts/)
    expect(await ask(used!)).toMatchObject({ says: 'two' })

    writeFileSync(
      join(folder, 'app-module.ts'),
      `import { Later } from './main.ts'\n${APP.replace('@Public()', '@Public(Later)')}`,
    )
    await tool.says(/error[^]*The application ended \(3\)/)
    writeFileSync(join(folder, 'app-module.ts'), APP)
    await tool.says(/Restarted[^]*ended[^]*Restarted/)
    expect(await ask(used!)).toMatchObject({ says: 'one' })
    taken.close()
  }, 30_000)
})

describe('tenon dev in a project of its own', () => {
  const port = freePort()
  const names = `export const NAME = 'one'\n`
  const files = {
    'package.json': '{ "name": "own", "type": "module", "tenon": { "app": "src/app-module.ts" } }',
    'src/app-module.ts': `import { NAME } from './database/names.ts'\n${APP.replace("'one'", 'NAME')}`,
    'src/main.ts': MAIN,
    'src/database/names.ts': names,
  }

  it('compiles what changed, and keeps the rest; settings count from their save on', async () => {
    const folder = ownProject('dev-own', files)
    const env = { PORT: String(await port) }
    {
      await using tool = new Tool(['dev', '--no-types', '--cwd', folder], env)
      // A folder whose name begins like one that is left out.
      await tool.says(/Started/)
      writeFileSync(join(folder, 'src/database/names.ts'), names.replace('one', 'two'))
      await tool.says(/Restarted for src\/database\/names\.ts/)
      expect(await ask(await port)).toMatchObject({ says: 'two' })
    }

    const kept = join(folder, 'node_modules/.cache/tenon')
    const entry = readdirSync(kept).find((each) => readFileSync(join(kept, each), 'utf8').includes("'two'"))!
    writeFileSync(join(kept, entry), readFileSync(join(kept, entry), 'utf8').replace("'two'", "'kept'"))
    {
      await using tool = new Tool(['dev', '--no-types', '--cwd', folder], env)
      await tool.says(/Started/)
      expect(await ask(await port)).toMatchObject({ says: 'kept' })

      appendFileSync(join(folder, 'src/database/names.ts'), '\n')
      await tool.says(/Restarted/)
      expect(await ask(await port)).toMatchObject({ says: 'two' })
    }
  }, 30_000)

  it('starts again for a save made while it starts, and takes its port from .env', async () => {
    const folder = ownProject('dev-saved', files)
    const [first, second] = [await freePort(), await freePort()]
    writeFileSync(join(folder, '.env'), `PORT=${first}\n`)
    // It never comes to its end, and answers all the same.
    writeFileSync(join(folder, 'src/main.ts'), `process.stdout.write('STARTING')\n${MAIN}await new Promise(() => {})\n`)
    await using tool = new Tool(['dev', '--no-types', '--cwd', folder])

    await tool.says(/STARTING/)
    writeFileSync(join(folder, 'src/database/names.ts'), names.replace('one', 'three'))
    await tool.says(/Started[^]*Restarted/)
    expect(await ask(first)).toMatchObject({ says: 'three' })

    writeFileSync(join(folder, '.env'), `PORT=${second}\n`)
    await tool.says(/Restarted for \.env/)
    expect(await ask(second)).toMatchObject({ says: 'three' })

    // The one that waits is gone, for want of memory or by mistake.
    const { pid: running } = (await ask(second)) as { readonly pid: number }
    const waiting = await until(async () => tool.children().find((pid) => pid !== running) ?? (await Promise.reject()))
    process.kill(waiting, 'SIGKILL')
    await until(
      async () => tool.children().includes(waiting) && (await Promise.reject(new Error('It is still there.'))),
    )
    writeFileSync(join(folder, 'src/database/names.ts'), names.replace('one', 'four'))
    await tool.says(/Restarted for \.env[^]*Restarted for src/)
    expect(await ask(second)).toMatchObject({ says: 'four' })
  }, 30_000)
})

describe('tenon start --workers', () => {
  it('shares a port, replaces a worker that crashed, reloads without a gap, and stops', async () => {
    const port = await freePort()
    const folder = writeProject('start', { 'app-module.ts': APP })
    const env = { PORT: String(port), TENON_ENV: 'production', HOST: '127.0.0.1', LOG_LEVEL: 'error' }
    await using tool = new Tool(['start', '--workers', '2', '--app', join(folder, 'app-module.ts')], env)
    await until(() => ask(port))
    const before = await pids(port)

    tool.kill('SIGHUP')
    const failed: unknown[] = []
    let asking = true
    const load = (async () => {
      while (asking) await ask(port).catch((error: unknown) => failed.push(error))
    })()
    await tool.says(/Reloaded\./)
    asking = false
    await load
    const after = await pids(port)

    expect(failed).toEqual([])
    expect(after.some((pid) => before.includes(pid))).toBe(false)

    await ask(port, '/crash')
    await tool.says(/A worker ended with SIGKILL; another starts in 100 ms/)
    await until(() => ask(port))

    tool.kill('SIGTERM')
    expect(await tool.ended).toBe(0)
  }, 30_000)

  it('gives up when no worker comes up', async () => {
    const folder = writeProject('start-broken', { 'app-module.ts': `${APP}\nthrow new Error('never')` })
    await using tool = new Tool(['start', '--app', join(folder, 'app-module.ts')])

    expect(await tool.ended).toBe(3)
    expect(tool.output).toContain('giving up')
  }, 30_000)
})

describe('A program under a runner that drops metadata', () => {
  it('is told so in one sentence', async () => {
    const folder = writeProject('runner', {
      'tsx/loader.mjs': '',
      'start.mjs': `import { createApp } from 'tenon'
import { AppModule } from ${JSON.stringify(join(ROOT, 'dist/test/src/check/fixtures/metadata-missing.js'))}
await createApp(AppModule)`,
    })
    const child = spawn(process.execPath, ['--import', './tsx/loader.mjs', 'start.mjs'], { cwd: folder })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    await once(child, 'close')

    expect(said).toContain('WIRING_RUNNER_UNFIT')
    expect(said).toContain('tsx runs TypeScript without emitting decorator metadata')
    expect(said).not.toContain('WIRING_METADATA_MISSING')
  })
})

/** A folder with packages of its own, among them the one that is tested. */
function ownProject(name: string, files: Readonly<Record<string, string>>): string {
  const folder = writeProject(name, files)
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(ROOT, join(folder, 'node_modules', 'tenon'))
  return folder
}

/** `tenon …` in a process of its own, listened to while it runs. */
class Tool implements AsyncDisposable {
  output = ''
  readonly ended: Promise<number | null>
  readonly #child: ChildProcess

  constructor(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { PATH } = process.env
    this.#child = spawn(process.execPath, [join(ROOT, 'bin', 'tenon.js'), ...argv], {
      cwd: ROOT,
      env: { PATH, ...env },
    })
    this.ended = once(this.#child, 'close').then(([code]) => code as number | null)
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream!.setEncoding('utf8').on('data', (text: string) => (this.output += text))
    }
  }

  /** Numbers of the processes that it started. */
  children(): readonly number[] {
    const { pid } = this.#child
    return [...readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').matchAll(/\d+/g)].map(Number)
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  async says(expected: RegExp): Promise<RegExpExecArray> {
    return until(() => {
      const found = expected.exec(this.output)
      if (!found) throw new Error(`${String(expected)} was not said:\n${this.output}`)
      return Promise.resolve(found)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill('SIGTERM')
    await this.ended
  }
}

async function ask(port: string | number, path = '/'): Promise<unknown> {
  return (
    await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(10_000),
    })
  ).json()
}

async function pids(port: number): Promise<readonly number[]> {
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(port)))
  return [...new Set((answers as { pid: number }[]).map(({ pid }) => pid))]
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** Repeats until it answers; fails with its own error after 15 s. */
async function until<T>(attempt: () => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + 15_000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > giveUpAt) throw error
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  }
}
