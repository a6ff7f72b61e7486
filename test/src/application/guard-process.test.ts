import { setTimeout as wait } from 'node:timers/promises'

import { guardProcess } from '../../../src/application/guard-process.ts'
import { MemoryLogger } from '../../../src/testing/memory-logger.ts'
import { Program } from '../../samples/program.ts'

async function started(env: NodeJS.ProcessEnv = {}): Promise<{ program: Program; url: string }> {
  const program = new Program('../src/application/programs/stop-slowly.js', { env: { HTTP_DRAIN_MS: '60000', ...env } })
  const [url] = await program.prints(/http:\/\/127\.0\.0\.1:\d+/)
  return { program, url }
}

describe('A process with an application', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'drains on %s: calls in flight are answered, then it exits with 0',
    async (signal) => {
      const { program, url } = await started()
      await using _ = program
      const asked = fetch(`${url}/until-drained`)
      await program.prints(/in flight/)

      const ended = program.stop(signal)
      const response = await asked

      expect(response.status).toBe(200)
      expect(await response.text()).toBe('answered')
      expect(await ended).toBe(0)
      expect(program.output).toMatch(new RegExp(`${signal} received: draining[^]*draining\\n[^]*shut down\\n$`))
    },
  )

  it('takes signals that come together for one', async () => {
    const { program, url } = await started({ HOLD_DRAIN: 'yes' })
    await using _ = program
    const asked = fetch(`${url}/until-drained`)
    await program.prints(/in flight/)

    const ended = [program.stop('SIGINT')]
    await program.prints(/draining\n/)
    ended.push(program.stop('SIGINT'), program.stop('SIGTERM'))
    expect((await fetch(`${url}/release`)).status).toBe(200)

    expect((await asked).status).toBe(200)
    expect(await Promise.all(ended)).toEqual([0, 0, 0])
    expect(program.output.match(/received: draining/g)).toHaveLength(1)
  })

  it('exits at once with 130 when somebody asks again after a second', async () => {
    const { program, url } = await started()
    await using _ = program
    const asked = fetch(`${url}/never`).catch(() => 'cut')
    await program.prints(/in flight/)
    const ended = program.stop('SIGTERM')
    await program.prints(/received: draining/)
    await wait(1100)

    expect(await program.stop('SIGTERM')).toBe(130)
    expect(await ended).toBe(130)
    expect(await asked).toBe('cut')
    expect(program.output).not.toContain('shut down')
  })

  it('stays up when a promise is rejected and nobody handles it, and says so', async () => {
    const { program, url } = await started()
    await using _ = program

    expect((await fetch(`${url}/reject`)).status).toBe(200)
    await program.prints(/A promise was rejected and nobody handled it\.[^]*lost and forgotten/)

    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    expect(await program.stop('SIGTERM')).toBe(0)
  })

  it('drains and exits with 1 when an exception is thrown that nobody catches', async () => {
    const { program, url } = await started()
    await using _ = program

    await fetch(`${url}/throw`)

    expect(await program.ends()).toBe(1)
    expect(program.output).toMatch(
      /An exception was thrown and nobody caught it; stopping\.[^]*out of nowhere[^]*shut down/,
    )
  })
})

describe('A process whose application cannot stop', () => {
  it('exits with 1 and says why', async () => {
    await using program = new Program('../src/application/programs/stop-badly.js')
    await program.prints(/ready/)

    expect(await program.stop('SIGTERM')).toBe(1)
    expect(program.output).toContain('The application could not stop cleanly. stuck')
  })
})

describe('guardProcess', () => {
  const EVENTS = ['SIGTERM', 'SIGINT', 'unhandledRejection', 'uncaughtException'] as const
  // With `node:repl` loaded, as a test of the console does, Node puts one of its own beside the first listener.
  const listeners = (): readonly number[] =>
    EVENTS.map((event) => process.listeners(event as 'SIGTERM').filter(({ name }) => !name.startsWith('domain')).length)

  it('takes all of its listeners away again', () => {
    const before = listeners()

    const release = guardProcess({ close: () => Promise.resolve() }, new MemoryLogger())
    expect(listeners()).toEqual(before.map((count) => count + 1))

    release()
    expect(listeners()).toEqual(before)
  })
})
