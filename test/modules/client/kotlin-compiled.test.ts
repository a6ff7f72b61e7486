import { execFile } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { cp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { ClientModule, printKotlin } from 'tenon/client'
import { OpenApi } from 'tenon/openapi'
import { testApp } from 'tenon/testing'

import { Desk } from '../../samples/starter-kit/desk.ts'
import { WideModule } from '../openapi/wide-application.ts'
import { ClientAppModule } from './client-app.ts'
import { ROOT } from './made-client.ts'

const run = promisify(execFile)

/** The compiler alone takes half a minute, so it runs with everything else that takes its time. */
const hasCompiler = await run('kotlinc', ['-version']).then(
  () => true,
  () => false,
)
const compiled = process.env['FULL'] && hasCompiler ? describe : describe.skip

/** In a package of its own: clients know nothing of each other. */
function inPackage(name: string, text: string): string {
  return text.replace('import java.time.Instant', `package ${name}\n\nimport java.time.Instant`)
}

compiled('The client in Kotlin (needs kotlinc, with FULL=1)', () => {
  it('is compiled with the standard library alone, and calls the starter kit', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tenon-kotlin-'))
    try {
      await using desk = await Desk.open()
      await using wide = await testApp(WideModule, ClientModule).boot()
      await using other = await testApp(ClientAppModule).boot()
      const apps = { kit: desk.app, wide, other }
      for (const [name, app] of Object.entries(apps)) {
        const client = await printKotlin(await app.get(OpenApi).document())
        await writeFile(join(folder, `${name}.kt`), inPackage(name, client))
      }
      await cp(join(ROOT, 'test/modules/client/kotlin/Main.kt'), join(folder, 'Main.kt'))
      const { agent } = await desk.team('acme')

      await run('kotlinc', [folder, '-include-runtime', '-d', join(folder, 'client.jar')])
      const jar = ['-cp', join(folder, 'client.jar'), 'kit.MainKt', await desk.app.url(), agent.token]
      const { stdout } = await run('java', jar)

      expect(stdout.trim().split('\n')).toEqual([
        'true',
        'true',
        '[On fire] 1',
        '[Still.]',
        'ACCESS_RESOURCE_NOT_FOUND 404',
        '[/subject isLength]',
      ])
    } finally {
      await rm(folder, { recursive: true })
    }
  }, 600_000)
})
