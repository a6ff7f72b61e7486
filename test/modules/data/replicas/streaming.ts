/** A real PostgreSQL with a hot standby that applies what it gets some time later, from the installed binaries. */
import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const INSTALLED = '/usr/lib/postgresql'

/** The folder of `initdb` and the others; `undefined` where PostgreSQL is not installed. */
export function postgresBinaries(): string | undefined {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED).toSorted((a, b) => Number(b) - Number(a)) : []
  return versions.map((version) => join(INSTALLED, version, 'bin')).find((each) => existsSync(join(each, 'initdb')))
}

export interface Streaming extends AsyncDisposable {
  readonly primary: string
  readonly standby: string
}

/** @param fill - Makes the schema on the primary before the standby is copied from it. */
export async function startStreaming(
  binaries: string,
  delay: string,
  fill: (primary: string) => Promise<void>,
): Promise<Streaming> {
  const folder = mkdtempSync(join(tmpdir(), 'tenon-streaming-'))
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
  const tool = (name: string, ...args: string[]) => run(join(binaries, name), args, { ...user, cwd: folder })
  const [from, to] = [join(folder, 'primary'), join(folder, 'standby')]
  const started: string[] = []
  const start = async (data: string, port: number, ...settings: string[]): Promise<string> => {
    const all = [`port=${port}`, `unix_socket_directories=${folder}`, 'listen_addresses=127.0.0.1', ...settings]
    const options = all.map((each) => `-c ${each}`).join(' ')
    await tool('pg_ctl', '-D', data, '-o', options, '-l', `${data}.log`, '-w', '-t', '120', 'start')
    started.unshift(data)
    return `postgres://postgres@127.0.0.1:${port}/postgres`
  }
  const stop = async (): Promise<void> => {
    for (const data of started) await tool('pg_ctl', '-D', data, '-m', 'immediate', 'stop')
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await tool('initdb', '-D', from, '-A', 'trust', '-N', '-U', 'postgres')
    const port = await freePort()
    const primary = await start(from, port, 'fsync=off')
    await fill(primary)
    const source = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres']
    await tool('pg_basebackup', '-D', to, ...source, '-R', '-X', 'stream', '-c', 'fast', '--no-sync')
    const standby = await start(to, await freePort(), `recovery_min_apply_delay=${delay}`)
    return { primary, standby, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function idOf(kind: '-u' | '-g'): number {
  return Number(execFileSync('id', [kind, 'postgres'], { encoding: 'utf8' }))
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
