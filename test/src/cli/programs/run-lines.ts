/** Runs lines of the tool one after the other in a process of their own; each is one argument, as a JSON list. */
import { Readable, Writable } from 'node:stream'

import { main } from '../../../../src/cli/main.ts'

for (const line of process.argv.slice(2)) {
  let output = ''
  let errors = ''
  const code = await main(JSON.parse(line) as string[], {
    input: Readable.from(['']),
    output: sink((text) => (output += text)),
    errors: sink((text) => (errors += text)),
    cwd: process.cwd(),
    enter: () => {},
    isInteractive: false,
  })
  await new Promise((resolve) => process.send?.({ code, output, errors }, resolve))
}
process.exit(0)

function sink(take: (text: string) => void): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      take(chunk.toString())
      done()
    },
  })
}
