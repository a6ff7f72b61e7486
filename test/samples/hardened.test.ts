import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Node refuses `eval` and `new Function`, as hardened runtimes do. */
const HARDENED = '--disallow-code-generation-from-strings'

async function serving(sample: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const program = fileURLToPath(new URL(`../../samples/${sample}/main.js`, import.meta.url))
  const child = spawn(process.execPath, [HARDENED, program], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      TENON_ENV: 'development',
      DATABASE_URL: 'sqlite::memory:',
      LOG_FORMAT: 'json',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text))
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line)
    const url = /Listening on (http:\/\/[^\s"]+)/.exec(line)?.[1]
    if (url === undefined) continue
    child.stdout.resume()
    const stop = async (): Promise<void> => {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    return { url, stop }
  }
  throw new Error(`It ended before it listened:\n${said.join('\n')}`)
}

describe('Without code generation', () => {
  it.each([
    ['hello', '/hello/world', 200],
    ['starter-kit', '/health/ready', 200],
    ['starter-kit', '/api/tickets', 401],
  ])('the sample %s answers %s with %i', async (sample, path, status) => {
    const { url, stop } = await serving(sample)
    try {
      const response = await fetch(new URL(path, url))

      expect(response.status).toBe(status)
    } finally {
      await stop()
    }
  })
})
