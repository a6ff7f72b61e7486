/** The three lines of the sample as a project: the module gets a file, so that tests and the tool can import it. */
import type { ProjectFiles } from './sample-files.ts'

const MAIN = `import { createApp } from 'tenon'

import { AppModule } from './app-module.ts'

const app = await createApp(AppModule)
await app.listen()
`

const TEST = `import { testApp } from 'tenon/testing'

import { AppModule } from '../src/app-module.ts'

describe('GET /hello/:name', () => {
  it('greets by name', async () => {
    await using app = await testApp(AppModule).boot()

    const response = await app.request('/hello/ada')

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ hello: 'ada' })
  })
})
`

/** @param sample - With the three lines in `src/main.ts`. */
export function helloFiles(sample: ProjectFiles): ProjectFiles {
  const lines = sample.get('src/main.ts')!.split('\n')
  const controller = lines.find((line) => line.startsWith('@Controller'))!
  const module = lines.find((line) => line.startsWith('@Module'))!.replace('class App ', 'export class AppModule ')
  const text = `/** The smallest application: a controller, and a module that lists it. */
import { Controller, Get, Module, Param, Public } from 'tenon'

@Public('Everybody is greeted.')
${spread(controller)}

${spread(module)}
`
  return new Map([
    ['src/app-module.ts', text],
    ['src/main.ts', MAIN],
    ['test/hello.test.ts', TEST],
  ])
}

/** Three lines were the point there; here they are read and changed. */
function spread(line: string): string {
  return line
    .replaceAll(/\) (?=(?:export )?class |say\()/g, ')\n')
    .replaceAll(/(?<=class \w+) \{ (.+) \}$/gs, (_all, body: string) => ` {\n${body.replaceAll(/^/gm, '  ')}\n}`)
    .replaceAll(/(?<=: object) \{ (.+?) \}$/gm, (_all, body: string) => ` {\n    ${body}\n  }`)
    .replaceAll(/(?<=@Get\([^)]*\)) /g, '\n  ')
}
