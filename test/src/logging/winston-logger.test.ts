import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { promisify } from 'node:util'

import { Redactor } from '../../../src/logging/redact.ts'
import { WinstonLogger, type WinstonLoggerOptions } from '../../../src/logging/winston-logger.ts'

const WRITER = new URL('../../../src/logging/winston-logger.js', import.meta.url).href

/** A stream that keeps what it gets. */
class Memory extends Writable {
  text = ''

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString()
    done()
  }

  get lines(): readonly Record<string, unknown>[] {
    return this.text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  get messages(): readonly unknown[] {
    return this.lines.map(({ message }) => message)
  }
}

function loggerTo(output: Writable, options: Partial<WinstonLoggerOptions> = {}): WinstonLogger {
  return new WinstonLogger({ level: 'debug', format: 'json', output, ...options })
}

/** Runs a program that has `log` and writes to its real standard output. */
async function run(program: string, options: object = {}): Promise<string> {
  const source = `
    import { WinstonLogger } from '${WRITER}'
    const log = new WinstonLogger(${JSON.stringify({ level: 'debug', format: 'json', ...options })})
    ${program}`
  const args = ['--input-type=module', '--eval', source]
  return (await promisify(execFile)(process.execPath, args, { timeout: 20_000 })).stdout
}

const messagesOf = (text: string): readonly unknown[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { message: unknown }).message)

describe('WinstonLogger', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenon-log-'))
  })

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  it('writes lines of every level with name, bound fields and the fields of the call', async () => {
    const output = new Memory()
    const log = loggerTo(output, { ambientFields: () => ({ requestId: 'r1', tenant: 'outer' }) })
    const service = log.named('TicketsService').child({ tenant: 'acme' }).child({ user: 1 })

    service.debug('a')
    service.info('b', { id: 7, user: 2 })
    service.warn('c')
    service.error('d', { error: new Error('failed') })
    await log.close()

    expect(output.lines.map(({ level, message }) => [level, message])).toEqual([
      ['debug', 'a'],
      ['info', 'b'],
      ['warn', 'c'],
      ['error', 'd'],
    ])
    expect(output.lines[1]).toMatchObject({ logger: 'TicketsService', requestId: 'r1', tenant: 'acme', user: 2, id: 7 })
    expect(output.lines[3]).toMatchObject({ error: { name: 'Error', message: 'failed' } })
  })

  it.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
    ['silent', []],
  ] as const)('at %s writes %j', async (level, written) => {
    const output = new Memory()
    const log = loggerTo(output, { level })

    for (const each of ['debug', 'info', 'warn', 'error'] as const) {
      log[each](each)
      expect(log.isEnabled(each)).toBe((written as readonly string[]).includes(each))
    }
    await log.close()

    expect(output.messages).toEqual(written)
  })

  it('keeps the order of lines from before winston is loaded, while it is, and after', async () => {
    const output = new Memory()
    const log = loggerTo(output)

    log.info('before')
    expect(output.messages).toEqual(['before'])
    const opened = log.open()
    log.info('meanwhile')
    await opened
    log.info('after')
    for (let index = 0; index < 500; index++) log.info(`line ${index}`)
    await log.close()
    log.info('late')

    expect(output.messages).toEqual([
      'before',
      'meanwhile',
      'after',
      ...Array.from({ length: 500 }, (_, index) => `line ${index}`),
      'late',
    ])
  })

  it('writes through winston without being closed', async () => {
    const output = new Memory()
    const log = loggerTo(output)

    await log.open()
    log.info('a')
    await new Promise(setImmediate)

    expect(output.messages).toEqual(['a'])
    await log.close()
  })

  it('takes the state of the moment, although the line is written later', async () => {
    const output = new Memory()
    const log = loggerTo(output)
    const ticket = { state: 'open' }

    log.info('a', { ticket })
    ticket.state = 'closed'
    await log.close()

    expect(output.lines[0]).toMatchObject({ ticket: { state: 'open' } })
  })

  it('masks secrets in messages, fields and errors', async () => {
    const output = new Memory()
    const redactor = new Redactor()
    const log = loggerTo(output, { redactor })
    const child = log.child({ key: 'c4nary-value' })
    redactor.register('c4nary-value')

    child.info('with c4nary-value', { password: 'c4nary-2', error: new Error('of c4nary-value') })
    await log.close()

    expect(output.text).not.toContain('c4nary')
    expect(output.messages).toEqual(['with [redacted]'])
  })

  it('survives whatever it is handed', async () => {
    const output = new Memory()
    const log = loggerTo(output, {
      ambientFields: () => {
        throw new Error('no context')
      },
    })
    const calm = loggerTo(output)
    const hostile = {
      get a(): string {
        throw new Error('a')
      },
    }

    log.info('lost')
    calm.info('hostile', hostile)
    calm.info('an error', new Error('as fields') as never)
    calm.info('nothing', null as never)
    calm.info({
      toString: () => {
        throw new Error('x')
      },
    } as never)
    await log.close()
    await calm.close()

    expect(output.messages).toEqual(['hostile', 'an error', 'nothing'])
    expect(output.lines[1]).toMatchObject({ error: { message: 'as fields' } })
  })

  it('goes on when the stream fails', async () => {
    const failing = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) })
    const throwing = new Writable({
      write: () => {
        throw new Error('broken')
      },
    })
    const logs = [failing, throwing].map((stream) => loggerTo(stream))

    for (const log of logs) {
      log.info('a')
      await log.open()
      log.info('b')
      await new Promise(setImmediate)
      log.info('c')
      await log.close()
      log.info('d')
    }

    expect(failing.destroyed).toBe(true)
  })

  it('waits for a slow stream when it is closed', async () => {
    let text = ''
    const slow = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        text += chunk.toString()
        setImmediate(done)
      },
    })
    const log = loggerTo(slow)

    for (let index = 0; index < 20; index++) log.info(`${index}`)
    await log.close()

    expect(messagesOf(text)).toHaveLength(20)
  })

  it('does not wait for ever for a stream that has stopped', async () => {
    const stopped = new Writable({ write: () => undefined })
    const log = loggerTo(stopped)

    log.info('a')
    await log.close()

    expect(stopped.writableLength).toBeGreaterThan(0)
    expect(stopped.listenerCount('close')).toBe(0)
  })

  it('adds one listener to a stream, however many loggers write to it, and none to the process after closing', async () => {
    const output = new Memory()
    const before = process.listenerCount('exit')

    for (let index = 0; index < 20; index++) {
      const log = loggerTo(output)
      log.info('a')
      await log.close()
    }

    expect(output.listenerCount('error')).toBe(1)
    expect(process.listenerCount('exit')).toBe(before)
  })

  it('writes to a file as well, whose folder it makes, and which may be moved away meanwhile', async () => {
    const file = join(folder, 'logs', 'app.log')
    const output = new Memory()
    const log = loggerTo(output, { file })

    await log.open()
    log.info('a')
    await new Promise(setImmediate)
    expect(messagesOf(readFileSync(file, 'utf8'))).toEqual(['a'])
    rmSync(file)
    log.info('b')
    await log.close()

    expect(messagesOf(readFileSync(file, 'utf8'))).toEqual(['b'])
    expect(output.messages).toEqual(['a', 'b'])
  })

  it('says once when the file cannot be written any more, and goes on without it until it can', async () => {
    const blocked = join(folder, 'blocked')
    const file = join(blocked, 'app.log')
    const output = new Memory()
    const log = loggerTo(output, { file })
    const write = async (message: string): Promise<void> => {
      log.info(message)
      await new Promise(setImmediate)
    }

    await log.open()
    writeFileSync(blocked, '')
    await write('a')
    await write('b')
    rmSync(blocked)
    await write('c')
    rmSync(blocked, { recursive: true })
    writeFileSync(blocked, '')
    await write('d')
    await log.close()

    const complaint = `The log file ${file} cannot be written (ENOTDIR); its lines are lost.`
    expect(output.messages).toEqual(['a', complaint, 'b', 'c', 'd', complaint])
  })

  describe('in a process of its own', () => {
    it('is not loading winston before a line is written', async () => {
      const text = await run(`
        import { registerHooks } from 'node:module'
        const seen = []
        registerHooks({ resolve: (name, context, next) => { if (name === 'winston') seen.push(name); return next(name, context) } })
        log.child({ a: 1 }).isEnabled('debug')
        await new Promise((done) => setTimeout(done, 20))
        const before = seen.length
        log.info('first')
        await log.open()
        console.log(JSON.stringify({ message: [before, seen.length] }))`)

      expect(messagesOf(text)).toContainEqual([0, 1])
    })

    it.each([
      ['ends', '', ''],
      ['exits at once', '', 'process.exit(0)'],
      ['exits after loading', 'await log.open()', 'process.exit(0)'],
      ['exits while loading', 'void log.open()', 'process.exit(0)'],
      ['exits long before loading', '', 'process.exit(0)', { loadDelayMs: 60_000 }],
      ['ends long before loading', '', '', { loadDelayMs: 60_000 }],
      ['closes', 'void log.open()', 'await log.close()'],
      ['writes as it exits', '', `process.on('exit', () => log.info('3'))`],
    ])('loses no line when it %s', async (_name, before, after, options: object = {}) => {
      const file = join(folder, 'app.log')
      const text = await run(`log.info('1'); ${before}; log.info('2'); ${after}`, { file, ...options })

      const expected = after.includes("'3'") ? ['1', '2', '3'] : ['1', '2']
      expect(messagesOf(text)).toEqual(expected)
      expect(messagesOf(readFileSync(file, 'utf8'))).toEqual(expected)
    })

    it('loses no line when it dies of an uncaught error', async () => {
      const failed = run(`await log.open(); log.info('1'); log.info('2'); throw new Error('dies')`)

      await expect(failed).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('"2"') })
    })

    it('writes directly when winston cannot be loaded', async () => {
      const text = await run(`
        import { registerHooks } from 'node:module'
        registerHooks({ resolve: (name, context, next) => next(name === 'winston' ? 'not-there' : name, context) })
        log.info('1')
        await log.open()
        log.info('2')
        console.log('{"message":"3"}')`)

      expect(messagesOf(text)).toEqual(['1', '2', '3'])
    })

    it('survives a reader that goes away', async () => {
      const source = `
        import { WinstonLogger } from '${WRITER}'
        const log = new WinstonLogger({ level: 'debug', format: 'pretty' })
        await log.open()
        log.info('first')
        process.stdin.once('data', async () => {
          for (let index = 0; index < 50; index++) { log.info('more'); await new Promise(setImmediate) }
          await log.close()
          process.exit(7)
        })`
      const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { timeout: 20_000 })
      const exited = new Promise((resolve) => child.once('exit', resolve))

      await new Promise((resolve) => child.stdout.once('data', resolve))
      child.stdout.destroy()
      child.stdin.write('go\n')

      expect(await exited).toBe(7)
    })

    it('writes no colours where there is no terminal', async () => {
      const text = await run(`log.info('plain')`, { format: 'pretty' })

      expect(text).toMatch(/^\d\d:\d\d:\d\d\.\d{3} INFO {2}plain\n$/)
    })
  })
})
