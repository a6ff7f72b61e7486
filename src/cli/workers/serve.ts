/** A process that serves: the application's main file, else its root module. */
import { pathToFileURL } from 'node:url'

import { createApp } from '../../application/create-app.ts'
import { EXIT } from '../exit-codes.ts'
import { loadApp } from '../load-app.ts'
import { printFailure } from '../print-failure.ts'
import { processIo } from '../tool-io.ts'

/** @param kind - `main`: the file starts the application itself. `module`: it exports the root module. */
export async function serve(kind = '', file = ''): Promise<void> {
  try {
    if (kind === 'main') {
      await import(pathToFileURL(file).href)
      return
    }
    const app = await createApp(await loadApp(file))
    const { url } = await app.listen()
    process.send?.({ url })
  } catch (error) {
    process.stderr.write(`${printFailure(error, processIo())}\n`)
    process.exit(EXIT.application)
  }
}
