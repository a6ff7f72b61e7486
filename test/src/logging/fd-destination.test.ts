import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { FdDestination } from '../../../src/logging/fd-destination.ts'

function openFile(): { fd: number; text: () => string } & Disposable {
  const path = join(mkdtempSync(join(tmpdir(), 'tenon-')), 'log')
  const fd = openSync(path, 'a')
  return { fd, text: () => readFileSync(path, 'utf8'), [Symbol.dispose]: () => closeSync(fd) }
}

describe('FdDestination', () => {
  it('writes lines in order, those too that come while others are on their way', async () => {
    using file = openFile()
    const destination = new FdDestination(file.fd)

    for (let index = 0; index < 500; index += 1) {
      destination.write(`line ${index} é`)
      if (index % 100 === 0) await new Promise(setImmediate)
    }
    await destination.flush()

    expect(file.text()).toBe(Array.from({ length: 500 }, (_, index) => `line ${index} é\n`).join(''))
  })

  it('drops what is too much, and says how much that was', async () => {
    using file = openFile()
    const destination = new FdDestination(file.fd, 10)

    for (const line of ['first', 'dropped', 'dropped too']) destination.write(line)
    await destination.flush()
    destination.write('last')
    await destination.flush()

    const [first, report, last] = file.text().trim().split('\n')
    expect([first, last]).toEqual(['first', 'last'])
    expect(JSON.parse(report!)).toMatchObject({ level: 'warn', message: expect.stringMatching(/^2 lines .*dropped/) })
  })

  it('passes on at once what it holds when the process exits', () => {
    using file = openFile()
    const destination = new FdDestination(file.fd)

    destination.write('held')
    destination.flushSync()

    expect(file.text()).toBe('held\n')
  })

  it('gives up a descriptor that cannot be written to', async () => {
    const readOnly = openSync('/dev/null', 'r')
    const destination = new FdDestination(readOnly)

    destination.write('lost')
    await expect(destination.flush()).resolves.toBeUndefined()
    destination.write('lost too')

    expect(() => destination.flushSync()).not.toThrow()
    closeSync(readOnly)
  })

  it('loses nothing of a program that ends at once, batches under way included', () => {
    const program = `import { FdDestination } from ${JSON.stringify(MODULE)}
      const log = new FdDestination(1)
      process.on('exit', () => log.flushSync())
      for (let i = 0; i < 1000; i++) log.write('line ' + i)
      setImmediate(() => setImmediate(() => { log.write('last'); process.exit() }))`

    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { timeout: 20_000 })

    expect(output.toString().trim().split('\n')).toHaveLength(1001)
  })
})

const MODULE = fileURLToPath(new URL('../../../src/logging/fd-destination.js', import.meta.url))
