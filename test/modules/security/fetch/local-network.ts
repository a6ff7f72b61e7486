/**
 * A network in one machine: 127.0.0.2 and 127.0.0.3 play the public internet (the test allows them), 127.0.0.1 is the
 * inside. Names lead where the test says.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

import { Module } from 'tenon'
import { AddressResolver, SafeFetch, SecurityModule, type HostAddress } from 'tenon/security'
import { testApp, type TestApp } from 'tenon/testing'

export const PUBLIC = '127.0.0.2'
export const OTHER_PUBLIC = '127.0.0.3'
export const INSIDE = '127.0.0.1'

export class NamesOfTest extends AddressResolver {
  readonly names = new Map<string, readonly string[] | (() => readonly string[])>()
  readonly asked: string[] = []

  async resolve(hostname: string): Promise<readonly HostAddress[]> {
    this.asked.push(hostname)
    const found = this.names.get(hostname)
    if (!found) throw new Error(`ENOTFOUND ${hostname}`)
    return (typeof found === 'function' ? found() : found).map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }))
  }
}

@Module({ providers: [{ provide: AddressResolver, useClass: NamesOfTest }] })
class NamesModule {}

export class LocalServer implements AsyncDisposable {
  readonly seen: IncomingMessage[] = []
  readonly #server: Server

  private constructor(listener: RequestListener) {
    this.#server = createServer((request, response) => {
      this.seen.push(request)
      listener(request, response)
    })
  }

  static async start(host: string, listener: RequestListener): Promise<LocalServer> {
    const server = new LocalServer(listener)
    server.#server.listen(0, host)
    await once(server.#server, 'listening')
    return server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

export interface Network extends AsyncDisposable {
  readonly app: TestApp
  readonly names: NamesOfTest
  readonly safe: SafeFetch
}

export async function openNetwork(env: Readonly<Record<string, string>> = {}): Promise<Network> {
  const names = new NamesOfTest()
  names.names.set('public.example', [PUBLIC]).set('other.example', [OTHER_PUBLIC])
  const app = await testApp(SecurityModule, NamesModule)
    .override(AddressResolver)
    .with(names)
    .env({ SAFE_FETCH_ALLOW: `${PUBLIC},${OTHER_PUBLIC}`, ...env })
    .boot()
  return { app, names, safe: app.get(SafeFetch), [Symbol.asyncDispose]: () => app.close() }
}
