import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createApp, StartRefused, type AppOptions } from 'tenon'

import { MemoryLogger } from '../../../src/testing/memory-logger.ts'
import { foundIn } from './expectations.ts'
import { checkProgram, type Program } from './read-program.ts'

import * as bodyUnexpected from './fixtures/body-unexpected.ts'
import * as configValueInvalid from './fixtures/config-value-invalid.ts'
import * as cycleOfTwo from './fixtures/cycle-of-two.ts'
import * as manyAtOnce from './fixtures/many-at-once.ts'
import * as routeShadowed from './fixtures/route-shadowed.ts'
import * as skips from './fixtures/skips.ts'
import * as configuration from './fixtures/right/configuration.ts'
import * as constructorWiring from './fixtures/right/constructor-wiring.ts'
import * as inheritance from './fixtures/right/inheritance.ts'
import * as modules from './fixtures/right/modules.ts'
import * as routes from './fixtures/right/routes.ts'

describe('createApp', () => {
  const logger = new MemoryLogger()
  let cwd: string

  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'tenon-check-'))
  })

  afterAll(() => {
    rmSync(cwd, { recursive: true })
  })

  function optionsFor({ environment = 'test', variables = {} }: Program): AppOptions {
    return { cwd, env: { NODE_ENV: environment, ...variables }, logger }
  }

  async function refusalOf(program: Program): Promise<StartRefused> {
    const outcome: unknown = await createApp(program.AppModule, optionsFor(program)).catch((error: unknown) => error)
    if (!(outcome instanceof StartRefused)) throw new Error(`Not refused: ${String(outcome)}`)
    return outcome
  }

  it.each([
    ['wiring and routes', manyAtOnce],
    ['a cycle', cycleOfTwo],
    ['a shadowed route', routeShadowed],
    ['the configuration', configValueInvalid],
    ['a skip without a reason', skips],
  ])('refuses to start over %s, with everything the check finds', async (_what, program) => {
    const refused = await refusalOf(program)

    expect(refused.code).toBe('APP_START_REFUSED')
    expect(foundIn(refused.diagnostics)).toEqual(foundIn(await checkProgram(program)))
  })

  it('points at the call that named what is no module', async () => {
    class NoModule {}

    const { diagnostics } = await refusalOf({ AppModule: NoModule })

    expect(foundIn(diagnostics)).toEqual(['WIRING_IMPORT_NOT_A_MODULE at start-refused.test.ts:40'])
  })

  it('prints all errors and warnings together, and leaves notes to `tenon check`', async () => {
    const { message } = await refusalOf(skips)

    expect(message).toMatch(/^The application does not start:\n\nerror SKIP_WITHOUT_REASON at test\/src\/check/)
    expect(message).toContain('warning SKIP_WITHOUT_EFFECT')
    expect(message).not.toContain('note SKIPPED')
    expect(message).toMatch(/\n1 error, 1 warning$/)
    expect(message).not.toContain('\u001B')
  })

  it('starts in spite of warnings', async () => {
    await using app = await createApp(bodyUnexpected.AppModule, optionsFor(bodyUnexpected))

    expect(app.graph.endpoints.some(({ name }) => name === 'NotesController.list')).toBe(true)
  })

  it.each([
    ['configuration', configuration],
    ['constructor-wiring', constructorWiring],
    ['inheritance', inheritance],
    ['modules', modules],
    ['routes', routes],
  ])('starts the right program %s', async (_name, program: Program) => {
    await using app = await createApp(program.AppModule, optionsFor(program))

    expect(app.get(program.AppModule)).toBeInstanceOf(program.AppModule)
  })
})
