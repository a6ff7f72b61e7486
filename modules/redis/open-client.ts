/** The one file that knows the client library, which is loaded when the first connection is opened. */
import { RedisPackageMissing } from './redis-errors.ts'

const PACKAGE = { name: 'redis', version: '6.3.1' } as const

/** What is used of a client of the library. */
export interface Client {
  readonly isReady: boolean
  connect(): Promise<unknown>
  /** Lets commands in flight finish. */
  close(): Promise<void>
  destroy(): void
  sendCommand(command: readonly (string | Buffer)[]): Promise<unknown>
  subscribe(channel: string, listener: (message: string) => void): Promise<void>
  unsubscribe(channel: string, listener: (message: string) => void): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'ready', listener: () => void): unknown
}

export interface ClientSettings {
  readonly url: string
  readonly connectTimeoutMs: number
  readonly commandTimeoutMs: number
  /** Asked at each reconnection: not before the first connection stood. */
  readonly mayReconnect: () => boolean
}

const LONGEST_PAUSE_MS = 2000

/** Not connected yet. @throws `REDIS_PACKAGE_MISSING` */
export async function makeClient(settings: ClientSettings): Promise<Client> {
  const { createClient } = await loadLibrary()
  return createClient({
    url: settings.url,
    // While the server is away a command fails at once instead of waiting for it: callers decide what that means.
    disableOfflineQueue: true,
    commandOptions: { timeout: settings.commandTimeoutMs },
    socket: {
      connectTimeout: settings.connectTimeoutMs,
      reconnectStrategy: (retries: number) => (settings.mayReconnect() ? pause(retries) : false),
    },
  })
}

/** Doubles up to two seconds; the share of chance keeps a fleet from coming back at the same instant. */
function pause(retries: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(retries, 10))
  return longest / 2 + Math.random() * (longest / 2)
}

interface Library {
  createClient(options: object): Client
}

async function loadLibrary(): Promise<Library> {
  try {
    // By a name that the compiler does not follow: the declarations of the module do not need the package.
    const name: string = PACKAGE.name
    return (await import(name)) as Library
  } catch (error) {
    if (isMissing(error)) throw new RedisPackageMissing(PACKAGE.name, PACKAGE.version).causedBy(error)
    throw error
  }
}

/** Not so when the package is there and misses something itself. */
function isMissing(error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  return /^(ERR_)?MODULE_NOT_FOUND$/.test(String(code)) && String(message).includes(`'${PACKAGE.name}'`)
}
