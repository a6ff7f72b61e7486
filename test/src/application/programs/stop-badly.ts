/** Something that cannot stop, guarded as an application is: the log goes to standard output. */
import { guardProcess } from '../../../../src/application/guard-process.ts'
import { MemoryLogger } from '../../../../src/testing/memory-logger.ts'

const logger = new MemoryLogger()
guardProcess({ close: () => Promise.reject(new Error('stuck')) }, logger)
process.once('exit', () => {
  const lines = logger.lines.map(({ message, fields }) =>
    `${message} ${(fields['error'] as Error | undefined)?.message ?? ''}`.trim(),
  )
  process.stdout.write(`${lines.join('\n')}\n`)
})
// Nothing else keeps the process alive.
const stay = setTimeout(() => process.exit(70), 15_000)
process.stdout.write('ready\n')
process.once('exit', () => clearTimeout(stay))
