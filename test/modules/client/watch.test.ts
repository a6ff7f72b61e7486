import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { ROOT } from './made-client.ts'

const LIMIT_MS = 60_000

/** A program as the compiler leaves it. */
const program = (path: string): string => `
import { Controller, Get, Module, Returns } from 'tenon'
import { ClientModule } from 'tenon/client'
class NewsController { read() { return { text: 'none' } } }
Get('${path}')(NewsController.prototype, 'read', Object.getOwnPropertyDescriptor(NewsController.prototype, 'read'))
Controller('/')(NewsController)
export class AppModule {}
Module({ imports: [ClientModule], controllers: [NewsController] })(AppModule)
`

describe('tenon client ts --watch', () => {
  it(
    'writes the client again when the program has changed',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'tenon-watch-'))
      const file = join(folder, 'api.ts')
      mkdirSync(join(folder, 'node_modules'))
      symlinkSync(ROOT, join(folder, 'node_modules/tenon'), 'junction')
      await writeFile(join(folder, 'package.json'), '{ "type": "module", "tenon": { "app": "app-module.js" } }')
      await writeFile(join(folder, 'app-module.js'), program('/news'))
      const words = [join(ROOT, 'bin/tenon.js'), 'client', 'ts', '--out', 'api.ts', '--watch']
      const child = spawn(process.execPath, words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
      let printed = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (printed += String(text)))
      const until = async (isDone: () => boolean | Promise<boolean>): Promise<void> => {
        for (const end = Date.now() + LIMIT_MS; Date.now() < end; await setTimeout(50)) {
          if (await isDone()) return
          if (child.exitCode !== null) break
        }
        throw new Error(`It did not happen; printed was: ${printed}`)
      }
      const says = async (text: string): Promise<boolean> =>
        (await readFile(file, 'utf8').catch(() => '')).includes(text)
      try {
        await until(() => printed.includes('Watching'))
        expect(await says('`GET /news`')).toBe(true)

        await writeFile(join(folder, 'app-module.js'), program('/latest'))

        await until(() => says('`GET /latest`'))
        expect(await says('`GET /news`')).toBe(false)
      } finally {
        child.kill('SIGKILL')
        await rm(folder, { recursive: true, force: true })
      }
    },
    2 * LIMIT_MS,
  )
})
