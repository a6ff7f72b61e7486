/** Places in sources that run as they are: the same lines as in what the compiler made of them. */
import { join } from 'node:path'

import { writeProject } from './check-projects.ts'
import { runLines } from './run-lines.ts'

interface Route {
  readonly handler: string
  readonly at: string
}

describe('Sources that run as they are', () => {
  it('have their routes where the compiled ones have them', async () => {
    const apps = ['samples/starter-kit/app-module.ts', 'dist/samples/starter-kit/app-module.js']

    const [running, compiled] = (await runLines(apps.map((app) => ['routes', '--json', '--app', app]))).map(
      ({ output }) => (JSON.parse(output) as readonly Route[]).filter(({ at }) => at.startsWith('samples/')),
    )

    expect(running!.length).toBeGreaterThan(20)
    expect(running!.map(lineOf)).toEqual(compiled!.map(lineOf))
  })

  it('are shown with the line of what is wrong', async () => {
    const folder = writeProject('places', {
      'app-module.ts': `import { Controller, Get, Module, Public, Service } from 'tenon'

interface Unused {
  readonly lines: 'that nothing is left of'
}

@Service()
export class Clock {}

@Public()
@Controller('/time')
export class Time {
  readonly unused: Unused | undefined

  constructor(
    /* Ünïcode shifts bytes */ readonly other: string[],
    readonly clock: Clock,
  ) {}

  @Get('/{now')
  now(): object {
    return {}
  }
}

@Module({ controllers: [Time] })
export class AppModule {}
`,
    })

    const [run] = await runLines([['check', '--app', join(folder, 'app-module.ts')]])

    expect(run!.output).toMatch(
      /WIRING_PROVIDER_MISSING at .*app-module\.ts:17:14\n[^]*> 17 \| {5}readonly clock: Clock,/,
    )
    expect(run!.output).toMatch(/at .*app-module\.ts:20:4\n[^]*> 20 \| {3}@Get\('\/\{now'\)/)
  })
})

/** Compilers count columns of a decorator from different characters of it. */
function lineOf({ handler, at }: Route): string {
  return `${handler} ${at.replace(/:\d+$/, '')}`
}
